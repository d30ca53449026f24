# SPDX-License-Identifier: BSD-3-Clause
# What virtio_user.sh does in the VM: testpmd forwards between tap0, here, and tap1, in the network "outside".
# shellcheck shell=bash

wait_for() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || { echo "not in time: $*"; exit 1; }
		sleep 0.1
	done
}

outside() {
	ip netns exec outside "$@"
}

threads() { # vhost-net's in the kernel: one a queue pair
	[ "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^vhost-')" = "$1" ]
}

container_start() {
	: >/tmp/testpmd.log
	runc run --no-pivot --bundle /bundle testpmd <>/tmp/in >>/tmp/testpmd.log 2>&1 &
	runc=$!
	wait_for 40 grep -q 'testpmd>' /tmp/testpmd.log
	wait_for 10 threads 4
	# the process holds the tap, so it may be anywhere from now on
	ip link set tap1 netns outside
	outside ip addr add 10.9.0.2/24 dev tap1
	outside ip link set tap1 up
	wait_for 20 outside ping -c 1 -W 1 10.9.0.1
}

counted() { # PORT: all queues, by testpmd's counters; what it prints stays in its buffer until more follows
	echo "show port xstats $1" >&9
	awk -v port="$1" '/statistics for port/ { of = $NF }
		of == port && /^[rt]x_q[01]_good_packets: [1-9]/ && !($1 in seen) { seen[$1]; count++ }
		END { exit count != 4 }' /tmp/testpmd.log
}

flows() { # ADDRESS: 64 of them, which the tap spreads over its queues
	local port
	for port in {5001..5064}; do
		echo x >"/dev/udp/$1/$port" || true # what came before may have been refused
	done
}

trap '[ $? = 0 ] || cat /tmp/testpmd.log' EXIT
for module in $MODULES; do
	insmod "/modules/$module.ko"
done
mount -t cgroup2 cgroup /sys/fs/cgroup
mkdir -p /dev/pts /dev/mqueue /dev/shm
echo 40 >/proc/sys/vm/nr_hugepages
mkfifo /tmp/in /tmp/open
exec 9<>/tmp/in
ip netns add outside
for i in 0 1; do
	ip tuntap add dev "tap$i" mode tap user 65532 multi_queue vnet_hdr
	ip link set "tap$i" up
done
ip addr add 10.9.0.1/24 dev tap0

container_start
pid=$(pidof testpmd)
[ "$(awk '/^Uid|^CapEff|^CapBnd|^NoNewPrivs|^Seccomp:/ { printf "%s%s ", $1, $2 }' "/proc/$pid/status")" = \
	"Uid:65532 CapEff:0000000000000000 CapBnd:0000000000000000 NoNewPrivs:1 Seccomp:2 " ] ||
	{ cat "/proc/$pid/status"; exit 1; }
echo "kernel: ping through virtio-user, uid 65532, no capability, seccomp"

flows 10.9.0.2
outside bash -c "$(declare -f flows); flows 10.9.0.1"
wait_for 10 counted 0
wait_for 10 counted 1
echo "kernel: both queues of both ports used, in both directions"

dd if=/dev/urandom of=/tmp/sent bs=1M count=20 2>/dev/null
# an end of input would end the other side, too
nc -l -p 5000 <>/tmp/open >/tmp/received &
nc=$!
wait_for 5 grep -q :1388 /proc/net/tcp /proc/net/tcp6
start=$SECONDS
outside nc 10.9.0.1 5000 </tmp/sent >/dev/null
wait $nc
cmp /tmp/sent /tmp/received
echo "kernel: 20 MB over TCP, the same bytes, in $((SECONDS - start)) s"

kill -KILL "$pid"
wait $runc || true
wait_for 10 threads 0
outside ip link set tap1 netns 1
ip link set tap1 up
runc delete --force testpmd 2>/dev/null || true
container_start
echo "kernel: killed and started again on the same taps"

echo quit >&9
wait $runc
wait_for 10 threads 0
ip link del tap0
outside ip link del tap1
