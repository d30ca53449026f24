#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# An image on the kernel's vhost-net: what `cvio generate oci` makes runs with runc in a VM, as uid 65532 without a
# capability and under the image's seccomp profile, on two taps of two queues each that belong to it. The devices are added
# to the bundle by hand, and the ports as DPDK's arguments: there is no word of the grammar for them yet.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/vm.sh"
test_begin "$@"
vm_begin
for program in ip runc; do
	vm_add "$program"
done

vdevs=
for i in 0 1; do
	vdevs+=" --vdev=virtio_user$i,path=/dev/vhost-net,iface=tap$i,queues=2,queue_size=1024"
done
"$cvio" generate oci -o "$vm_root/bundle" localhost/cvio/testpmd -- \
	-i --auto-start --nb-cores=1 --rxq=2 --txq=2 --rxd=1024 --txd=1024 2>"$dir/generate.log"
# 10:238 is vhost-net, 10:200 tun. The network is the VM's: a tap is found by its name in the network of the process.
jq --arg vdevs "CVIO_EAL_ARGS=$vdevs" --argjson uid $uid '
	def device($path; $minor): {path: $path, type: "c", major: 10, minor: $minor, fileMode: 384, uid: $uid, gid: $uid};
	.process.env += [$vdevs]
	| .linux.devices += [device("/dev/vhost-net"; 238), device("/dev/net/tun"; 200)]
	| .linux.resources.devices += [238, 200 | {allow: true, type: "c", major: 10, minor: ., access: "rw"}]
	| .linux.namespaces |= map(select(.type != "network"))
	' "$vm_root/bundle/config.json" >"$dir/config.json"
mv "$dir/config.json" "$vm_root/bundle/config.json"
[ "$(jq -r .linux.seccomp.defaultAction "$vm_root/bundle/config.json")" = SCMP_ACT_ERRNO ] || fail "no seccomp profile"

vm_run 150 "$top/tests/kernel/virtio_user_guest.sh"
grep '^kernel: ' "$dir/vm-output.log"
