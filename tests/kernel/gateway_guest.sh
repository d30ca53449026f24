# SPDX-License-Identifier: BSD-3-Clause
# What gateway.sh does in the VM: eth0, in the network "outside", is wired to the NIC that the gateway has, and kni0 is ours.
# shellcheck shell=bash

nic=0000:00:03.0

outside() {
	ip netns exec outside "$@"
}

reaches() { outside ping -c 1 -W 1 10.9.0.1; }

gateway() { # PORT PORT [OPTION...]
	local ports=(--port "$1" --port "$2")
	shift 2
	: >/tmp/gateway.log
	cvio run --name gateway --cpus 1 --memory memfd,64M "${ports[@]}" localhost/cvio/gateway -- "$@" >/tmp/gateway.log 2>&1 &
	launcher=$!
	wait_for 40 reaches
	ip addr add fd09::1/64 dev kni0 nodad
}

gateway_end() { # its last table is in /tmp/table
	local status=0
	podman stop --time 10 gateway >/dev/null
	wait $launcher || status=$?
	[ $status = 0 ] || fail "status $status: $(cat /tmp/gateway.log)"
	sed -n '/^ *from/,$p' /tmp/gateway.log >/tmp/table
	! ip link show kni0 2>/dev/null || fail "the tap is left"
}

cell() { # FROM TO COLUMN of the last table
	awk -v from="$1" -v to="$2" -v column="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == from && $2 == to { print $at[column] }' /tmp/table
}

holds() { # FROM TO CONDITION in awk, of v
	awk -v v="$(cell "$1" "$2" "$3")" "BEGIN { exit !($4) }" || fail "$1 to $2: $3: not $4: $(cat /tmp/table)"
}

times() { # COUNT: so often the file of 10 MB
	local i
	for ((i = 0; i < $1; i++)); do
		cat /tmp/10M
	done
}

# Through TCP, to a listener that puts down the hash of what it gets; the time is printed.
sent_to() { # NETWORK ADDRESS COUNT
	local from=outside to='' listener start=${EPOCHREALTIME/./}
	[ "$1" = here ] || { from='' to=outside; }
	$to nc -l -p 5000 -e /tmp/receive &
	listener=$!
	wait_for 5 $to grep -q ':1388 [0-9A-F:]* 0A ' /proc/net/tcp6 /proc/net/tcp
	$from timeout 150 bash -c "$(declare -f times); times $3 >/dev/tcp/$2/5000" || fail "to $2: not in time"
	wait $listener
	[ "$(times "$3" | sha256sum)" = "$(cat /tmp/got)" ] || fail "$3 x 10 MB to $2: other bytes"
	echo "$(((${EPOCHREALTIME/./} - start) / 1000)) ms"
}

both_ways() { # COUNT TEXT
	local in out
	in=$(sent_to here 10.9.0.1 "$1")
	out=$(sent_to outside 10.9.0.2 "$1")
	echo "kernel: $2: $1 x 10 MB over TCP, the same SHA-256: in $in, out $out"
}

ipv6() {
	local in out
	in=$(sent_to here fd09::1 1)
	out=$(sent_to outside fd09::2 1)
	echo "kernel: IPv6: in $in, out $out"
}

refused() { awk '/^Udp:/ && $3 ~ /[0-9]/ { print $3 }' /proc/net/snmp; }

# UDP's checksum: a datagram without a receiver is counted only if that is right.
datagram() { # NETWORK ADDRESS
	local from=outside to='bash -c' before
	[ "$1" = here ] || { from='' to='ip netns exec outside bash -c'; }
	before=$($to "$(declare -f refused); refused")
	$from bash -c "echo hello >/dev/udp/$2/6000"
	wait_for 5 $to "$(declare -f refused); [ \$(refused) -gt $before ]"
}

sizes() { # FIRST LAST STEP: of frames with their checksum, by ping's payload
	local size
	for ((size = $1; size <= $2; size += $3)); do
		outside ping -c 1 -W 2 -s $((size - 46)) 10.9.0.1 >/dev/null || fail "a frame of $size bytes"
	done
	echo "kernel: frames of $1 to $2 bytes pass"
}

# The queues' threads in the kernel, and for how long each has run: THREAD NANOSECONDS
threads() {
	local comm
	for comm in $(grep -l '^vhost-' /proc/[0-9]*/comm 2>/dev/null); do
		echo "$comm $(cut -d ' ' -f 1 "${comm%comm}schedstat")"
	done
}

# 64 flows out of the kernel, which spreads them over the tap's queues
both_queues() {
	local before port
	before=$(threads)
	[ "$(echo "$before" | wc -l)" = 2 ] || fail "not two threads: $before"
	for port in {6001..6064}; do
		echo x >"/dev/udp/10.9.0.2/$port" || true # what came before may have been refused
	done
	sleep 0.5
	! threads | grep -xF "$before" || fail "a queue has carried nothing"
	echo "kernel: both queues of the tap are used"
}

refusals() {
	expect 69 "pci:$nic: it is bound to no driver; bind it: \`driverctl" \
		cvio run --port "pci:$nic" --port vhost-kernel:kni0 localhost/cvio/gateway
	expect 69 'pci:0000:00:0f.0: the host has no such device' \
		cvio run --port pci:00:0f.0 --port vhost-kernel:kni0 localhost/cvio/gateway
	driverctl set-override $nic vfio-pci
	expect 64 '--kernel bgp: no such rule' \
		cvio run --port "pci:$nic" --port vhost-kernel:kni0 localhost/cvio/gateway -- --kernel bgp
	echo "kernel: what is wrong is told"
}

# The how-to, step by step
plain() {
	gateway "pci:$nic" vhost-kernel:kni0,ip=10.9.0.1/24,size=1024 --no-offloads
	grep -q 'port 1: kni0: split ring, mergeable, 1 of 1 queue pairs' /tmp/gateway.log || fail "$(cat /tmp/gateway.log)"
	grep -q "port 0: $nic: net_e1000_em" /tmp/gateway.log || fail "$(cat /tmp/gateway.log)"
	sizes 64 1518 58
	both_ways 2 "one queue, no offload"
	gateway_end
	holds kernel 0 segments/frame 'v == 1'
}

offloads() {
	gateway "pci:$nic" vhost-kernel:kni0,ip=10.9.0.1/24,queues=2
	grep -q 'Rx checksum and LRO, Tx checksum and TSO, 2 of 2 queue pairs' /tmp/gateway.log || fail "$(cat /tmp/gateway.log)"
	cvio stats gateway | grep -q 'kni0$' || fail "$(cvio stats)"
	cvio stats gateway | grep kni0 | grep -q 'rx csum,lro tx csum,tso' || fail "$(cvio stats)"
	cvio stats --json gateway | grep -q '"rx_lro": true' || fail "$(cvio stats --json)"
	cvio stats gateway | grep "$nic" | grep -q ' up ' || fail "$(cvio stats)"
	sizes 64 1518 58
	datagram here 10.9.0.1
	datagram outside 10.9.0.2
	both_queues
	both_ways 20 "two queues, offloads"
	ipv6
	gateway_end
	holds kernel 0 large 'v > 100'
	holds kernel 0 segments/frame 'v > 3'
	echo "kernel: $(cell kernel 0 frames) frames left the kernel and were $(cell kernel 0 segments) on the wire:" \
		"$(cell kernel 0 segments/frame) each"
}

jumbo() {
	outside ip link set eth0 mtu 9000
	gateway "pci:$nic,mtu=9000" vhost-kernel:kni0,ip=10.9.0.1/24,mtu=9000 --mtu 9000
	sizes 1518 9018 750
	both_ways 2 "jumbo frames"
	gateway_end
	outside ip link set eth0 mtu 1500
}

rules() {
	gateway "pci:$nic" vhost-kernel:kni0,ip=10.9.0.1/24 --kernel arp,icmp,tcp:5000
	both_ways 1 "rules"
	outside bash -c 'echo x >/dev/udp/10.9.0.1/6000'
	sleep 0.2
	gateway_end
	holds 0 - dropped 'v >= 1'
	echo "kernel: what no rule names is dropped, and counted"
}

# Large frames stay whole where both sides are the kernel's: TSO towards it.
whole() {
	outside ip -4 addr flush dev eth0
	gateway vhost-kernel:kni1,ip=10.9.0.2/24,netns=/run/netns/outside vhost-kernel:kni0,ip=10.9.0.1/24
	both_ways 5 "from tap to tap"
	gateway_end
	holds kernel 0 large 'v > 50'
	holds 0 kernel large 'v > 50'
	outside ip addr add 10.9.0.2/24 dev eth0
}

death() {
	gateway "pci:$nic" vhost-kernel:kni0,ip=10.9.0.1/24
	kill -KILL "$(pidof gateway)"
	wait $launcher || true
	gateway "pci:$nic" vhost-kernel:kni0,ip=10.9.0.1/24
	gateway_end
	echo "kernel: killed, and back on the same NIC"
}

# Without vhost-net
fallback() {
	rmmod vhost_net
	gateway "pci:$nic" vhost-kernel:kni0,ip=10.9.0.1/24,queues=2,fallback=tap
	grep -q 'port 1: kni0: net_tap, 2 queue pairs' /tmp/gateway.log || fail "$(cat /tmp/gateway.log)"
	sizes 64 1518 58
	datagram here 10.9.0.1
	datagram outside 10.9.0.2
	both_ways 2 "net_tap"
	ipv6
	gateway_end
	outside ip link set eth0 mtu 9000
	gateway "pci:$nic,mtu=9000" vhost-kernel:kni0,ip=10.9.0.1/24,mtu=9000,fallback=tap --mtu 9000
	sizes 1518 9018 750
	both_ways 1 "net_tap, jumbo frames"
	gateway_end
	outside ip link set eth0 mtu 1500
	bash -eu /page-fallback.sh >/tmp/gateway.log 2>&1 &
	launcher=$!
	wait_for 40 reaches
	gateway_end
	echo "kernel: the page's command without vhost-net"
}

# Between the page's commands a reader has a moment.
page() {
	sed -i 's/^ip address/until ip link show up dev kni0 2>\/dev\/null | grep -q kni0; do sleep 0.5; done\n&/' /page.sh
	bash -eu /page.sh >/tmp/page.log 2>&1 || fail "the page: $(cat /tmp/page.log)"
	grep -q 'inet 10.9.0.1/24 scope global kni0' /tmp/page.log || fail "no address: $(cat /tmp/page.log)"
	grep -q '^gateway  *1 up  *split m  *rx csum,lro tx csum,tso' /tmp/page.log || fail "$(cat /tmp/page.log)"
	grep -q '^ *kernel  *0 ' /tmp/page.log || fail "no counters: $(cat /tmp/page.log)"
	echo "kernel: the page's commands"
}

trap '[ $? = 0 ] || { cat /tmp/gateway.log; ip addr; }' EXIT
podman_begin 60
modules_load
modules_known
# busybox' nc itself reads and writes 1 KiB at a time, of which the kernel makes no large frames
printf '#!/bin/bash\nexec sha256sum >/tmp/got\n' >/tmp/receive
chmod 755 /tmp/receive
dd if=/dev/urandom of=/tmp/10M bs=1M count=10 2>/dev/null
ip netns add outside
ip link set eth0 netns outside
outside ip addr add 10.9.0.2/24 dev eth0
outside ip addr add fd09::2/64 dev eth0 nodad
outside ip link set eth0 up
refusals
plain
offloads
jumbo
rules
whole
death
page
fallback
trap - EXIT
