# SPDX-License-Identifier: BSD-3-Clause
# What kernel.sh does in the VM: ROUNDS times each way, the ways in turn.
# shellcheck shell=bash

outside() {
	ip netns exec outside "$@"
}

testpmd() { # VDEVS... -- OPTIONS...
	local args=()
	while [ "$1" != -- ]; do
		args+=(--vdev "$1")
		shift
	done
	shift
	dpdk-testpmd -l 0,1 --no-pci --in-memory --single-file-segments --no-telemetry --iova-mode=va \
		-d /plugins/librte_mempool_ring.so -d /plugins/librte_net_af_packet.so -d /plugins/librte_net_tap.so \
		-d /plugins/librte_net_virtio.so -m 256 "${args[@]}" -- --auto-start --nb-cores=1 --total-num-mbufs=65536 "$@" </tmp/open >/tmp/testpmd.log 2>&1 &
	testpmd=$!
}

testpmd_end() {
	kill $testpmd
	wait $testpmd || true
}

addresses() { # HERE OUTSIDE
	wait_for 20 ip link show dev "$1"
	wait_for 20 ip link show dev "$2"
	ip addr add 10.9.0.1/24 dev "$1"
	ip link set dev "$1" up
	ip link set dev "$2" netns outside
	outside ip addr add 10.9.0.2/24 dev "$2"
	outside ip link set dev "$2" up
}

reached() { wait_for 20 outside ping -c 1 -W 1 10.9.0.1; }

# MB/s of a file of 30 MB
transfer() {
	local listener start
	nc -l -p 5000 -e /tmp/receive &
	listener=$!
	wait_for 5 grep -q ':1388 [0-9A-F:]* 0A ' /proc/net/tcp6 /proc/net/tcp
	start=${EPOCHREALTIME/./}
	outside timeout 60 bash -c 'cat /tmp/30M >/dev/tcp/10.9.0.1/5000' || fail "not in time"
	wait $listener
	cmp /tmp/30M /tmp/got || fail "other bytes"
	echo "kernel: $1 $((30000000 * 10 / (${EPOCHREALTIME/./} - start))) dMB/s"
}

vhost_net() {
	testpmd virtio_user0,path=/dev/vhost-net,iface=a,queue_size=1024 virtio_user1,path=/dev/vhost-net,iface=b,queue_size=1024 \
		-- --rxd=1024 --txd=1024
	addresses a b
	reached
	transfer vhost-net
	testpmd_end
}

gateway_run() {
	CVIO_PORTS='vhost-kernel:a,fallback=tap vhost-kernel:b,fallback=tap' CVIO_LCORES=0@1 CVIO_MEMORY=memfd,128M \
		gateway -- >/tmp/testpmd.log 2>&1 &
	testpmd=$!
	addresses a b
	reached
	transfer "$1"
	testpmd_end
}

# our gateway: the same with checksums, LRO and TSO
vhost_net_offloads() { gateway_run "vhost-net with offloads"; }

# our gateway where there is no vhost-net: net_tap with its patch
fallback() {
	mv /dev/vhost-net /dev/away
	gateway_run "net_tap by fallback=tap"
	mv /dev/away /dev/vhost-net
}

is_promiscuous() { ip link show dev "$1" | grep -q PROMISC; }

net_tap() {
	testpmd net_tap0,iface=a net_tap1,iface=b -- --rxd=1024 --txd=1024
	# the last that the driver does by the interface's name, which it couldn't after that has moved
	wait_for 20 is_promiscuous b
	addresses a b
	reached
	transfer net_tap
	testpmd_end
}

af_packet() {
	ip link add name a type veth peer name ap
	ip link add name b type veth peer name bp
	ip link set dev ap up
	ip link set dev bp up
	# a veth leaves checksums to its peer, which hands them on as they are
	ethtool -K a tx off >/dev/null
	ethtool -K b tx off >/dev/null
	addresses a b
	testpmd net_af_packet0,iface=ap net_af_packet1,iface=bp -- --rxd=1024 --txd=1024
	reached
	transfer af_packet
	testpmd_end
	ip link del dev a
	outside ip link del dev b 2>/dev/null || true
}

trap '[ $? = 0 ] || { tail -n 30 /tmp/testpmd.log; ip addr; }' EXIT
mount -t tmpfs -o size=80% tmp /tmp
mount -t tmpfs run /run
mkdir -p /var
ln -s /run /var/run
modules_load
insmod /modules/veth.ko
echo 180 >/proc/sys/vm/nr_hugepages
mkfifo /tmp/pipe
exec 8<>/tmp/pipe
ln -s /proc/$$/fd/8 /tmp/open
dd if=/dev/urandom of=/tmp/30M bs=1M count=30 2>/dev/null
printf '#!/bin/bash\nexec cat >/tmp/got\n' >/tmp/receive # busybox' nc itself takes 1 KiB at a time
chmod 755 /tmp/receive
ip netns add outside
for round in 1 2 3; do
	vhost_net
	vhost_net_offloads
	net_tap
	fallback
	af_packet
done
trap - EXIT
