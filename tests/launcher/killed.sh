#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The launcher is killed by SIGKILL at 50 random moments, of `cvio run` in the foreground, of `cvio run -d` and of `cvio up`.
# The next cvio leaves nothing of it: no container, process, folder, mount, socket or hugepage. SEED=N repeats a test's
# moments, ROUNDS=N makes more of them.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
name=${prefix}killed
RANDOM=${SEED:=$$}
say "SEED=$SEED"
l2fwd=localhost/cvio/l2fwd
# a port that nobody serves: no signal but SIGKILL ends an image that waits early in its start
run=(run --name "$name" --cpus 1 --memory "mount,32M" --port "vhost-user:$sockets/p0.sock,server,wait=60" "$l2fwd")
cat >"$dir/cvio.yaml" <<END
name: ${prefix}chain
containers:
  sw:   {image: localhost/cvio/switch, cpus: "0", memory: "small,16M"}
  echo: {image: localhost/cvio/probe, cpus: "1", memory: "small,16M", args: [--echo]}
links:
  - {from: echo, to: sw}
END
cd "$dir" || exit

left() {
	containers
	pgrep -f -- "$name" || true
	pgrep -f -- "${prefix}chain" || true
	grep -lF "\"name\":\"$prefix" /run/cvio/cvio-*/container.json 2>/dev/null || true
	find /run/cvio -maxdepth 1 -name "chain-$prefix*" 2>/dev/null
	mounts | tail -n "+$((mounts_at_begin + 1))"
	find "$sockets" -type s
}

nothing_left() { [ -z "$(left)" ]; }

# killed_after MILLISECONDS COMMAND…: a launcher of its own, killed so long after its start
killed_after() {
	local after=$1
	shift
	launch launcher "$cvio" "$@"
	sleep "$(printf '0.%03d' "$after")"
	killed launcher
}

# The next one says that its own socket isn't there, having swept before.
next_run() {
	expect 69 'no such socket' "$cvio" run --port "vhost-user:$sockets/none.sock,wait=0" $l2fwd
}

for round in $(seq "${ROUNDS:-50}"); do
	after=$((RANDOM % 700))
	case $((round % 3)) in
	0) what='run' next=next_run; killed_after $after "${run[@]}" ;;
	1) what='run -d' next=next_run; killed_after $after "${run[@]:0:1}" --detach "${run[@]:1}" ;;
	2) what='up' next="$cvio down"; killed_after $((after * 14 / 10 % 1000)) up ;;
	esac
	$next >"$dir/next.log" 2>&1 || fail "round $round: after $what: the next cvio: $(cat "$dir/next.log")"
	within 5 nothing_left || fail "round $round: $what was killed after $after ms, and the next cvio left: $(left)"
done
