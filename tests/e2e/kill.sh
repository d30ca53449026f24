#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# SIGKILL and a crash, 50 times: nothing is left, and the next run starts. ROUNDS=N makes more of them.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
testpmd_backend "$socket"
name=${prefix}l2fwd
free=$(free_pages)
all_free() { [ "$(free_pages)" = "$free" ]; }
gone() { [ ! -e "/proc/$pid" ]; }

# A signal from outside doesn't end PID 1 where it has no handler, but a fault of its own does: its code becomes zeros.
crash() {
	python3 - "$1" <<'PYTHON'
import sys
for line in open(f"/proc/{sys.argv[1]}/maps"):
    span, mode = line.split()[:2]
    if "x" in mode and "[" not in line:
        begin, end = (int(x, 16) for x in span.split("-"))
        with open(f"/proc/{sys.argv[1]}/mem", "r+b", buffering=0) as mem:
            mem.seek(begin)
            mem.write(bytes(end - begin))
PYTHON
}

for round in $(seq "${ROUNDS:-50}"); do
	"$cvio" run -d --name "$name" --cpus 1 --memory memfd,32M --port "vhost-user:$socket" localhost/cvio/l2fwd >/dev/null ||
		fail "round $round: it doesn't start"
	pid=$(podman inspect "$name" --format '{{.State.Pid}}')
	if [ $((round % 2)) = 0 ]; then
		podman kill --signal KILL "$name" >/dev/null
	else
		crash "$pid"
	fi
	wait_for 5 gone
	wait_for 5 all_free
	podman rm --force --time 1 "$name" >/dev/null
done

# the launcher in the foreground: with --rm nothing is left by itself
for how in KILL SEGV; do
	launch launcher "$cvio" run --name "$name" --cpus 1 --memory memfd,32M --port "vhost-user:$socket" localhost/cvio/l2fwd
	prints launcher 'Link up'
	pid=$(podman inspect "$name" --format '{{.State.Pid}}')
	if [ $how = SEGV ]; then crash "$pid"; else kill -KILL "$pid"; fi
	ended launcher $((128 + $(kill -l $how)))
	[ -z "$(containers)" ] || fail "SIG$how: the container is left"
done

# a server's socket that a SIGKILL left is removed by the next start, and by SIGTERM
server=$sockets/server.sock
for end in KILL TERM; do
	launch launcher "$cvio" run --name "$name" --memory small --port "vhost-user:$server,server,wait=60" localhost/cvio/l2fwd
	[ $end = KILL ] || prints launcher 'removed a stale socket'
	makes launcher "$server"
	prints launcher 'waiting up to 60 s'
	podman kill --signal $end "$name" >/dev/null
	ended launcher $((128 + $(kill -l $end)))
done
[ ! -e "$server" ] || fail "SIGTERM leaves the server's socket"
testpmd_stop
