#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A backend that comes late, goes and comes back: server mode (the container makes the socket, dpdk-testpmd connects), and
# client mode (testpmd makes it). No wait lasts longer than it should, and none can't be ended.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
l2fwd=localhost/cvio/l2fwd
name=${prefix}l2fwd
ROUNDS=${ROUNDS:-5}

now_ms() { date +%s%3N; }

# run PORT [ARGS…]: as what $app is
run() {
	local port=$1
	shift
	launch app "$cvio" run --name "$name" --cpus 1 --memory memfd,32M --port "$port" "$@" $l2fwd
	begin=$(now_ms)
}

# ends_in STATUS MILLISECONDS: and not later than that after $begin
ends_in() {
	local took
	ended app "$1"
	took=$(($(now_ms) - begin))
	[ "$took" -le "$2" ] || fail "its end expected within $2 ms, it took $took"
	[ -z "$(containers)" ] || fail "the container is left"
}

end_by() { # SIGNAL STATUS
	begin=$(now_ms)
	kill -"$1" "$app"
	ends_in "$2" 2000
}

# one line while waiting, however long
waits_with_one_line() {
	sleep 0.5
	[ "$(grep -c 'waiting up to' "$dir/app.log")" = 1 ] || fail "not one line while waiting: $(cat "$dir/app.log")"
}

# testpmd as the backend that connects to SOCKET, again and again until it is there; otherwise like testpmd_backend.
connecting_backend() {
	[ -p "$dir/testpmd.in" ] || mkfifo "$dir/testpmd.in"
	exec 9<>"$dir/testpmd.in"
	launch testpmd testpmd_exec --vdev "eth_vhost0,iface=$1,client=1" -- <&9
	prints testpmd 'testpmd>'
}

# The backend is killed and started again, and traffic goes on: restarts FUNCTION, which starts it
restarts() {
	local pid before began up times=() round
	pid=$(podman inspect "$name" --format '{{.State.Pid}}')
	before=$(descriptors "$pid")
	for round in $(seq $ROUNDS); do
		kill -KILL $testpmd
		testpmd_stop
		rm -f "$client_socket"
		began=$(now_ms)
		"$1" "$socket"
		up=$(now_ms)
		wait_for 10 testpmd_loops
		times+=("$(($(now_ms) - up))")
		running app || fail "round $round: the container has ended"
		say "round $round: testpmd started in $((up - began)) ms, and after ${times[-1]} ms frames had come back"
	done
	[ "$(descriptors "$pid")" -le "$before" ] ||
		fail "$(descriptors "$pid") descriptors are open, $before were before $ROUNDS rounds"
	[ "$(grep -c 'the backend has gone' "$dir/app.log")" = $ROUNDS ] && [ "$(grep -c 'the backend is back' "$dir/app.log")" = $ROUNDS ] ||
		fail "not a line each time that the backend goes and comes: $(cat "$dir/app.log")"
	! grep -q 'vhost_user\|virtio_user' "$dir/app.log" || fail "DPDK's own lines: $(cat "$dir/app.log")"
}

descriptors() { find "/proc/$1/fd" -mindepth 1 | wc -l; }

socket=$sockets/server.sock
client_socket=$sockets/client.sock

# the wait ends by itself
run "vhost-user:$socket,server,wait=1"
ends_in 69 3000
grep -qF "no backend has connected and answered (waited 1 s)" "$dir/app.log" || fail "no reason is given: $(cat "$dir/app.log")"
[ ! -e "$socket" ] || fail "the socket is left after the wait"

# the wait ends at a signal
for signal in TERM INT; do
	run "vhost-user:$socket,server,wait=60"
	prints app 'waiting up to 60 s'
	waits_with_one_line
	end_by $signal $((128 + $(kill -l $signal)))
	[ ! -e "$socket" ] || fail "SIG$signal leaves the socket"
done

# somebody else's socket is left alone
cat >"$dir/somebody.py" <<'PYTHON'
import os, socket, sys, time
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
listener.listen()
print("listens", flush=True)
time.sleep(30)
PYTHON
launch somebody python3 "$dir/somebody.py" "$socket"
prints somebody listens
run "vhost-user:$socket,server,wait=5"
ends_in 69 3000
grep -q "$socket.*listen" "$dir/app.log" || fail "no reason is given: $(cat "$dir/app.log")"
[ -S "$socket" ] || fail "somebody else's socket is removed"
killed somebody

# one that nobody listens on any more is removed
chown $uid "$socket"
run "vhost-user:$socket,server,wait=60"
prints app 'removed a stale socket'
prints app 'waiting up to 60 s'

# who connects and goes again is no backend: the wait goes on
for _ in 1 2 3; do
	makes app "$socket"
	wait_for 5 python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$socket"
	sleep 0.1
done
makes app "$socket"

# nor is another container that wants the same path: it is refused, and the first one stays
expect 69 "somebody listens there already" \
	"$cvio" run --name "$name-2" --cpus 1 --memory small --port "vhost-user:$socket,server,wait=5" $l2fwd
running app || fail "a second container on its socket ends the first: $(cat "$dir/app.log")"

# the backend connects; then it is killed and started again, and traffic goes on
connecting_backend "$socket"
prints app '1 of 1 queue pairs'
wait_for 10 testpmd_loops
restarts connecting_backend
end_by TERM 0
[ ! -e "$socket" ] || fail "the socket is left"
testpmd_stop

# client mode: the socket appears only after the start, and again and again
socket=$client_socket
run "vhost-user:$socket,wait=30"
prints app 'waiting up to 30 s'
waits_with_one_line
testpmd_backend "$socket"
begin=$(now_ms)
prints app '1 of 1 queue pairs'
say "client mode: the port was up $(($(now_ms) - begin)) ms after testpmd was ready"
wait_for 10 testpmd_loops
restarts testpmd_backend
end_by TERM 0
testpmd_stop
rm -f "$socket"

run "vhost-user:$socket,wait=60"
prints app 'waiting up to 60 s'
end_by TERM 143

# a second container on the port of a probe or switch is refused, and the first goes on
socket=$sockets/taken.sock
launch backend "$cvio" run --name "$name-backend" --cpus 0 --port "vhost-backend:$socket" localhost/cvio/probe -- \
	--sizes 64 --rate 2000 --count 1000000 --seconds 0 --events
makes backend "$socket"
run "vhost-user:$socket"
prints backend first_frame
expect 69 "has another container this port?" "$cvio" run --name "$name-2" --cpus 1 --memory small --port "vhost-user:$socket" $l2fwd
kill $backend
wait $backend || true
grep -q '^ended early: ended by a signal' "$dir/backend.log" || fail "a second frontend disturbs the first: $(cat "$dir/backend.log")"
end_by TERM 0

# a folder that takes no socket ends either kind of server at once
probe=$build/images/probe/probe
for kind in vhost-user:PATH,server,wait=60 vhost-backend:PATH; do
	for why in 'none/: No such file' 'root/: Permission denied'; do
		install -d -m 755 "$dir/root"
		expect 69 "the socket can't be made in its folder${why#*/}" \
			setpriv --reuid $uid --regid $uid --clear-groups env CVIO_MEMORY=small,32M \
			"CVIO_PORTS=${kind/PATH/$dir/${why%%/*}/p0.sock}" "$probe" -- --echo
	done
done
