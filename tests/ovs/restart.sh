#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# ovs-vswitchd is killed and started again, 20 times under load, while containers on its ports stay as they are: a chain of
# two l2fwd on dpdkvhostuserclient ports, between them and the probe a bridge each. Then ports of two queues, one of them
# dpdkvhostuser (OVS makes the socket). How long it takes until frames pass again is printed.
. "$(dirname "$0")/lib.sh"

ovs_begin "$@"
ROUNDS=${ROUNDS:-20}

# run NAME ARGUMENT…: a container that stays, on CPU 1
run() {
	local what=$1
	shift
	OUT=$dir/$what.out launch "$what" "$cvio" run --name "$prefix$what" --cpus 1 --memory memfd,32M "$@"
}

# The probe's lines; the last outage's FIELD
outage() {
	jq --slurp --raw-output "map(.outage // empty) | last | .$1 // 0" "$dir/probe.out"
}
outages() { grep -c '^{"outage"' "$dir/probe.out" || true; }

# Of an outage that ended after the present ovs-vswitchd was started: spikes of a busy machine don't count.
resumed() { [ "$(outage to_ns)" -gt "$started" ]; }

pids() { podman inspect --format '{{.Name}} {{.State.Pid}} {{.State.StartedAt}}' $names; }

# restarts ROUNDS: each is a line of the table $dir/times, in ms
restarts() {
	local round killed ready before received=0 names
	names=$(podman ps --quiet --filter "name=^$prefix" | sort)
	before=$(pids)
	: >"$dir/times"
	for round in $(seq "$1"); do
		killed=$(now_ns)
		ovs_kill
		rm -f "$sockets/made_by_ovs" # after a kill it is in the way of the next one
		started=$(now_ns)
		ovs_start
		ready=$(now_ns)
		wait_for 20 resumed
		echo $((($(outage to_ns) - killed) / 1000000)) $((($(outage to_ns) - ready) / 1000000)) \
			$(((ready - killed) / 1000000)) >>"$dir/times"
		[ "$(outage received)" -gt "$received" ] || fail "round $round: nothing had come back since the last one"
		received=$(outage received)
		sleep 0.2 # under load
	done
	[ "$(pids)" = "$before" ] || fail "containers are others: $before; $(pids)"
}

figures() { # COLUMN
	cut -d ' ' -f "$1" "$dir/times" | sort -n | awk '{v[NR] = $1} END {printf "median %d, worst %d ms\n", v[int((NR + 1) / 2)], v[NR]}'
}

report() {
	say "$1: killed to resumed: $(figures 1); ready to resumed: $(figures 2); killed to ready: $(figures 3)"
}

probe_begin() { # PORTS AND OPTIONS…
	run probe "$@"
	writes probe "$dir/probe.out" first_frame 30
	! grep -q '"first_frame_ns": 0' "$dir/probe.out" || fail "nothing comes back: $(cat "$dir/probe.log")"
}

# Told to end, its last lines tell that what came back is whole.
probe_end() {
	kill $probe
	ended probe 143
	jq --slurp --exit-status 'last.rows[0] | .passed and .outages >= '"$1"' and .paced.received > 1000' \
		"$dir/probe.out" >/dev/null || fail "$(tail -n 60 "$dir/probe.out")"
}

load=(--sizes 64 --rate 20000 --count 1000000000 --seconds 0 --wait 20 --outages 100 --events --json)

# The two l2fwd don't know each other, nor the probe its neighbours: each bridge joins two ports.
chain() {
	local bridge
	for bridge in 0 1 2; do
		ovs_bridge br$bridge
		ovs_client br$bridge left$bridge
		ovs_client br$bridge right$bridge
	done
	ovs_start
	run a --port "vhost-user:$sockets/right0.sock,server" --port "vhost-user:$sockets/left1.sock,server" \
		localhost/cvio/l2fwd -- -p 3 -q 2 -T 0
	run b --port "vhost-user:$sockets/right1.sock,server" --port "vhost-user:$sockets/left2.sock,server" \
		localhost/cvio/l2fwd -- -p 3 -q 2 -T 0
	probe_begin --port "vhost-user:$sockets/left0.sock,server" --port "vhost-user:$sockets/right2.sock,server" \
		localhost/cvio/probe -- "${load[@]}"
	restarts "$ROUNDS"
	probe_end "$ROUNDS"
	podman stop --time 2 "${prefix}a" "${prefix}b" >/dev/null
	wait
	report "two l2fwd in a chain, $ROUNDS times"
	for bridge in 0 1 2; do
		ovs-vsctl del-br br$bridge
	done
}

two_queues() {
	touch "$dir/two_queues.began"
	ovs_bridge br0
	ovs_client br0 made_by_us
	ovs_server br0 made_by_ovs
	wait_for 5 made_since "$sockets/made_by_ovs" "$dir/two_queues.began"
	run echo --port "vhost-user:$sockets/made_by_ovs,queues=2" localhost/cvio/probe -- --echo
	probe_begin --port "vhost-user:$sockets/made_by_us.sock,server,queues=2" localhost/cvio/probe -- "${load[@]}"
	grep -q '2 of 2 queue pairs' "$dir/probe.log" && grep -q '2 of 2 queue pairs' "$dir/echo.log" ||
		fail "not two queues: $(cat "$dir/probe.log" "$dir/echo.log")"
	restarts 3
	probe_end 3
	podman stop --time 2 "${prefix}echo" >/dev/null
	wait
	report "two queues, one port by dpdkvhostuser, 3 times"
}

chain
two_queues
