#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# How fast frames get from the kernel to DPDK and back: virtio-user on vhost-net, net_tap and net_af_packet side by side, each in
# Debian's dpdk-testpmd in a VM, which forwards between two interfaces, and our gateway on vhost-net with offloads and on
# net_tap; TCP from one to the other (kernel_guest.sh). The VM is emulated, so only the ratios say something: kernel.sh BUILD
. "$(dirname "$0")/../lib.sh"
. "$top/tests/kernel/vm.sh"
test_begin "$@"
vm_begin
vm_add ip
vm_add ethtool
vm_add dpdk-testpmd
vm_add "$build/images/gateway/gateway"
cp "$vm_kernel/veth.ko" "$vm_root/modules/"
plugins=$(dirname "$(ls /usr/lib/*/dpdk/pmds-*/librte_net_tap.so)")
mkdir -p "$vm_root/plugins"
for driver in mempool_ring net_af_packet net_tap net_virtio; do
	cp -L "$plugins/librte_$driver.so" "$vm_root/plugins/"
	for lib in $(ldd "$plugins/librte_$driver.so" | grep -o '/[^ ]*'); do
		install -D "$lib" "$vm_root$lib"
	done
done
vm_run "${SECONDS_MAX:-280}" "$top/tests/bench/kernel_guest.sh"
grep '^kernel: ' "$dir/vm-output.log"
