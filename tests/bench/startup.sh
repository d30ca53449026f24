#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# How long from exec to the port's start, as the backend sees it (the first queue is enabled), and to the first frame
# back: l2fwd with the runtime against Debian's dpdk-testpmd, 32 MiB of hugepages each, in turn.
. "$(dirname "$0")/lib.sh"

bench_begin "$@"
exec_at_build
socket=$sockets/p0.sock

# in micro-seconds: port, first frame
times() {
	local zero
	zero=$(cat "$dir/zero")
	result "(.[0].queue_enabled_ns - $zero) / 1000 | floor" >>"$dir/$1.port"
	result "(.[0].first_frame_ns - $zero) / 1000 | floor" >>"$dir/$1.frame"
}

has_events() { [ -s "$dir/result" ]; }

run_l2fwd() {
	probe_start "$socket" --count 100 --seconds 0
	CVIO_PORTS=vhost-user:$socket CVIO_LCORES=0@1 CVIO_MEMORY=memfd,32M \
		"$dir/exec_at" "$dir/zero" setpriv --reuid $uid --regid $uid --clear-groups \
		"$build/images/l2fwd/l2fwd" -- -p 1 -T 0 >"$dir/app.log" 2>&1 &
	local app=$!
	wait_for 10 has_events
	wait $probe
	stop $app TERM
	times l2fwd
}

run_testpmd() {
	probe_start "$socket" --count 100 --seconds 0
	"$dir/exec_at" "$dir/zero" dpdk-testpmd --lcores 0@1,1@1 --no-pci --in-memory --single-file-segments \
		-m 32 --file-prefix "$prefix" --vdev "virtio_user0,path=$socket" -- \
		-i --auto-start --total-num-mbufs=8192 <&8 >"$dir/app.log" 2>&1 &
	local app=$!
	wait_for 10 has_events
	wait $probe
	stop $app TERM
	times testpmd
}

for i in $(seq "$RUNS"); do
	progress "start-up: run $i of $RUNS"
	run_l2fwd
	run_testpmd
done
progress ""

printf '%-38s %22s %22s\n' "start-up, us from exec ($RUNS runs in turn)" "port started" "first frame back"
for who in l2fwd testpmd; do
	printf '  %-36s %9s (%s)  %9s (%s)\n' $who "$(median <"$dir/$who.port")" "$(range <"$dir/$who.port")" \
		"$(median <"$dir/$who.frame")" "$(range <"$dir/$who.frame")"
done
ratio=$(jq -n "$(median <"$dir/testpmd.port") / $(median <"$dir/l2fwd.port")")
printf '  l2fwd is %.1f times as fast to its port (wanted: 10)\n' "$ratio"
