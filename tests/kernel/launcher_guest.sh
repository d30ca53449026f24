# SPDX-License-Identifier: BSD-3-Clause
# What launcher.sh does in the VM. testpmd forwards between kni0, here, and kni1, in the network "outside".
# shellcheck shell=bash

image=localhost/cvio/testpmd
mac=5a:d9:6d:fc:5a:56 # of the machine's id and the name
ports() { # OPTIONS
	ports=(--port "vhost-kernel:kni0,queues=2,ip=10.9.0.1/24$1"
		--port "vhost-kernel:kni1,queues=2,ip=10.9.0.2/24,netns=/run/netns/outside$1")
}
app=(-i --auto-start --nb-cores=1 --rxq=2 --txq=2 --rxd=1024 --txd=1024)

outside() {
	ip netns exec outside "$@"
}

threads() { # vhost-net's in the kernel: one a queue pair
	[ "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^vhost-')" = "$1" ]
}

reaches() { outside ping -c 1 -W 1 10.9.0.1; }

gone() {
	! ip link show kni0 && ! outside ip link show kni1 && threads 0 && ! pgrep -f '[w]ire cvio-' &&
		[ -z "$(ls -A /run/cvio)" ] && [ -z "$(podman ps --all --quiet)" ]
}

container_start() { # NAME [MIB]
	container=$1
	cvio run --name "$1" --memory "memfd,${2:-32}M" --podman-args --interactive "${ports[@]}" $image -- "${app[@]}" \
		<&9 >"/tmp/$1.log" 2>&1 &
	launcher=$!
	wait_for 40 reaches
}

counted() { # PORT: all queues, by testpmd's counters; what it prints stays in its buffer until more follows
	echo "show port xstats $1" >&9
	awk -v port="$1" '/statistics for port/ { of = $NF }
		of == port && /^[rt]x_q[01]_(good_)?packets: [1-9]/ && !($1 in seen) { seen[$1]; count++ }
		END { exit count != 4 }' "/tmp/$container.log"
}

flows() { # ADDRESS: 64 of them, which the tap spreads over its queues
	local port
	for port in {5001..5064}; do
		echo x >"/dev/udp/$1/$port" || true # what came before may have been refused
	done
}

unprivileged() {
	local pid
	pid=$(pidof testpmd)
	[ "$(awk '/^Uid|^CapEff|^CapBnd|^NoNewPrivs|^Seccomp:/ { printf "%s%s ", $1, $2 }' "/proc/$pid/status")" = \
		"Uid:65532 CapEff:0000000000000000 CapBnd:0000000000000000 NoNewPrivs:1 Seccomp:2 " ] ||
		fail "$(cat "/proc/$pid/status")"
	[ "$(cat /sys/class/net/kni0/owner)" = 65532 ] || fail "the tap's owner: $(cat /sys/class/net/kni0/owner)"
}

# Flows in both directions, which the kernel spreads over the queues
both_queues() {
	flows 10.9.0.2
	outside bash -c "$(declare -f flows); flows 10.9.0.1"
	wait_for 10 counted 0
	wait_for 10 counted 1
	echo "kernel: $1: both queues of both ports used, in both directions"
}

# What is wrong is told before anything is made.
refusals() {
	local run=(cvio run --name a)
	expect 69 'load the kernel module: `modprobe vhost_net`' "${run[@]}" --port vhost-kernel:kni0 $image
	insmod /modules/tun.ko
	expect 69 'has the image no driver net_tap?' "${run[@]}" --port vhost-kernel:kni0,fallback=tap localhost/cvio/l2fwd
	expect 69 'port 0: vhost-kernel:lo: there is an interface of this name' "${run[@]}" --port vhost-kernel:lo,fallback=tap $image
	expect 64 'fallback=veth: tap is wanted' "${run[@]}" --port vhost-kernel:kni0,fallback=veth $image
	expect 64 'queues=300: a number from 1 to 128 is wanted' "${run[@]}" --port vhost-kernel:kni0,queues=300 $image
	expect 64 'queues=30: a vhost-kernel port has 8 at most' "${run[@]}" --port vhost-kernel:kni0,queues=30 $image
	expect 64 'netns=/run/netns/none: No such file' "${run[@]}" --port vhost-kernel:kni0,netns=/run/netns/none,fallback=tap $image
	expect 64 'netns=/run/netns/outside,fallback=tap: another port has this one' \
		"${run[@]}" --port vhost-kernel:kni0,fallback=tap \
		--port vhost-kernel:kni0,netns=/run/netns/outside,fallback=tap $image
	expect 64 "a vhost-kernel or pci port can't be said in this form" \
		cvio generate podman --name a --port vhost-kernel:kni0,fallback=tap $image
	gone || fail "something is left: $(ip link; podman ps --all; ls -A /run/cvio)"
	echo "kernel: what is wrong is told"
}

# An operator deletes the tap; the container stays and has another.
tap_again() {
	local id
	id=$(podman inspect --format '{{.Id}} {{.State.Pid}}' "$container")
	ip link delete kni0
	wait_for 10 grep -q 'port 0: kni0: the interface has gone; waiting for the next' "/tmp/$container.log"
	wait_for 10 grep -q 'port 0: kni0: the interface is back' "/tmp/$container.log"
	wait_for 20 reaches
	[ "$(podman inspect --format '{{.Id}} {{.State.Pid}}' "$container")" = "$id" ] || fail "the container is another"
	[ "$(cat /sys/class/net/kni0/address)" = $mac ] || fail "another address"
	echo "kernel: $1: a tap that was deleted is back, the container stayed"
}

same_bytes() {
	local nc
	dd if=/dev/urandom of=/tmp/sent bs=1M count=20 2>/dev/null
	# an end of input would end the other side, too
	nc -l -p 5000 <>/tmp/open >/tmp/received &
	nc=$!
	wait_for 5 grep -q :1388 /proc/net/tcp /proc/net/tcp6
	outside nc 10.9.0.1 5000 </tmp/sent >/dev/null
	wait $nc
	cmp /tmp/sent /tmp/received
	rm /tmp/sent /tmp/received
	echo "kernel: $1: 20 MB over TCP, the same bytes"
}

# Without vhost-net, where that is asked for: DPDK's net_tap, with one device less.
fallback() {
	ports ,fallback=tap
	container_start f 48 # it has a pool of mbufs of its own, for TSO
	unprivileged
	devices=$(cd "/proc/$(pidof testpmd)/root" && echo dev/net/* dev/vhost*)
	[ "$devices" = 'dev/net/tun dev/vhost*' ] || fail "the container's devices: $devices"
	for port in 0 1; do
		grep -q "port $port: kni$port: /dev/vhost-net: No such file or directory; by DPDK's net_tap instead" /tmp/f.log &&
			grep -q "port $port: kni$port: net_tap, 2 queue pairs, MAC" /tmp/f.log || fail "$(cat /tmp/f.log)"
	done
	[ "$(cvio stats --json f | grep -c '"kind": *"vhost-kernel"')" = 2 ] || fail "$(cvio stats --json f)"
	both_queues net_tap
	same_bytes net_tap
	tap_again net_tap
	same_bytes 'net_tap, another tap'
	podman stop --time 5 f >/dev/null
	wait $launcher || true
	wait_for 10 gone
	echo "kernel: net_tap: nothing stays"
}

# The container dies, and the launcher with all that it started: nothing stays, and the next one comes up.
deaths() {
	kill -KILL "$(pidof testpmd)"
	wait $launcher || true
	wait_for 10 gone
	container_start b
	echo "kernel: the container was killed: nothing stays, and the next one runs"
	kill -KILL "$(pgrep -f '[w]ire cvio-')" $launcher
	killall -KILL conmon podman testpmd
	wait $launcher 2>/dev/null || true
	ip link show kni0 >/dev/null || fail "who removed the tap?"
	container_start c
	podman stop --time 5 c >/dev/null
	wait $launcher || true
	wait_for 10 gone
	echo "kernel: all was killed: the next one removes what stayed, and runs"
}

# What the page says: l2fwd between a switch's socket and the kernel. The switch has the network "outside" on its other side.
page() {
	local switch
	mkdir -p /run/ovs
	chmod 777 /run/ovs
	cvio run --name switch --memory memfd,32M --port vhost-backend:/run/ovs/p0.sock \
		--port vhost-kernel:kni1,ip=10.9.0.2/24,netns=/run/netns/outside $image >/tmp/switch.log 2>&1 &
	switch=$!
	bash -eu /page.sh >/tmp/page.log 2>&1 &
	wait_for 40 reaches
	podman stop --time 5 --all >/dev/null
	wait $! $switch || true
	wait_for 10 gone
	echo "kernel: the page's l2fwd, between a socket and the kernel"
}

# The same without podman and launcher
bundle() {
	cvio generate oci -o /tmp/bundle --name b "${ports[@]}" $image -- "${app[@]}" 2>/tmp/generate.log
	runc run --no-pivot --bundle /tmp/bundle b <&9 >/tmp/bundle.log 2>&1 &
	wait_for 40 reaches
	unprivileged
	kill -KILL "$(pidof testpmd)"
	wait $! || true
	runc delete --force b 2>/dev/null || true
	wait_for 10 gone
	echo "kernel: an OCI bundle under runc, the same"
}

trap '[ $? = 0 ] || tail -n 30 /tmp/*.log; ip addr' EXIT
podman_begin 60
mkdir -p /run/cvio
mkfifo /tmp/in /tmp/open
exec 9<>/tmp/in
ip netns add outside
refusals
fallback
MODULES=${MODULES#tun } modules_load
ports ,fallback=tap # which changes nothing where there is vhost-net
container_start a
unprivileged
grep -q "port 0: kni0: split ring, mergeable, 2 of 2 queue pairs, MAC ${mac^^}" /tmp/a.log || fail "$(cat /tmp/a.log)"
wait_for 5 threads 4
echo "kernel: ping through virtio-user, uid 65532, no capability, seccomp"
both_queues vhost-net
same_bytes vhost-net
tap_again vhost-net
deaths
page
bundle
trap - EXIT
