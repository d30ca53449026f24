#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The gateway image between an emulated NIC, which has no TSO, and the kernel's vhost-net, by `cvio run` in a VM:
# gateway_guest.sh.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/vm.sh"
test_begin "$@"
vm_nic
vm_begin
vm_add_podman localhost/cvio/gateway
vm_add sha256sum
# the page's commands; the NIC's driver is set without driverctl there
sed -n '/^## The gateway/,/^By default/s/^    \(\$ \)\{0,1\}//p' "$top/docs/exceptional-path.md" | grep -v driverctl >"$vm_root/page.sh"
grep -q '^cvio run --name gateway' "$vm_root/page.sh" || fail "the page has no commands: $(cat "$vm_root/page.sh")"
vm_run 480 "$top/tests/kernel/gateway_guest.sh"
grep '^kernel: ' "$dir/vm-output.log"
