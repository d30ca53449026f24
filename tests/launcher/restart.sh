#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Backends are killed and started again under load, 100 times each: our probe and Debian's dpdk-testpmd; before that, some that leave
# in the middle of the handshake. The container has a port as client and one as server, and stays; each time frames pass on both
# ports in both directions again. After all that its process has no more memory, descriptors, threads, mappings or hugepages, nor
# has DPDK given out more of them inside.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
ROUNDS=${ROUNDS:-100}
WARM=5     # rounds before the first look, for what is made once
FRAMES=600 # more than a ring holds: the other side takes them
name=${prefix}l2fwd
client=$sockets/client.sock server=$sockets/server.sock
mkfifo "$dir/stdin" # testpmd ends where its standard input does
exec 8<>"$dir/stdin"

probe() {
	CVIO_PORTS="vhost-backend:$client vhost-backend:$server,client" CVIO_LCORES=0@0 CVIO_MEMORY=memfd,32M \
		exec "$build/images/probe/probe" -- --sizes 64 --rate 100000 --count 100000000 --seconds 0
}

testpmd() {
	rm -f "$client" # or its bind() fails
	exec dpdk-testpmd --lcores 0@1,1@0 --no-pci --in-memory --single-file-segments -m 32 --no-telemetry --file-prefix "$prefix" \
		--vdev "eth_vhost0,iface=$client" --vdev "eth_vhost1,iface=$server,client=1" -- \
		--nb-cores=1 --total-num-mbufs=4096 --forward-mode=flowgen
}

backend() { # probe or testpmd
	umask 0 # the container connects to its socket
	"$1"
}

# The frames of the port that has counted least, of both ports' two directions
least() {
	"$cvio" stats --json "$name" | jq '[.containers[].ports[] | .rx.packets, .tx.packets] | min'
}

passing() { [ "$(least)" -gt "$((before + FRAMES))" ]; }

rounds() { # BACKEND FIRST LAST
	local round began
	for round in $(seq "$2" "$3"); do
		before=$(least)
		began=${EPOCHREALTIME/./}
		launch backend_"$1" backend "$1" <&8
		until_seen backend_"$1" 20 "$FRAMES frames more on each port" passing
		echo $(((${EPOCHREALTIME/./} - began) / 1000)) >>"$dir/$1.ms"
		killed backend_"$1"
	done
}

launch l2fwd "$cvio" run --name "$name" --cpus 1 --memory memfd,32M --port "vhost-user:$client" --port "vhost-user:$server,server" \
	localhost/cvio/l2fwd -- -p 3 -q 2 -T 0
wait_for 20 podman container exists "$name"
launch backend_probe backend probe <&8
wait_for 20 "$cvio" stats "$name"
killed backend_probe
pid=$(podman inspect "$name" --format '{{.State.Pid}}')
set -- /run/cvio/cvio-*/container.json
telemetry=$(dirname "$(grep -lF "\"name\":\"$name\"" "$@")")/telemetry/dpdk_telemetry.v2

# What the process has, a name and a number a line; memory in KiB
holds() {
	echo "descriptors $(find "/proc/$pid/fd" -mindepth 1 | wc -l)"
	echo "threads $(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)"
	echo "mappings $(wc -l <"/proc/$pid/maps")"
	sed -n 's/^\(Rss\|Anonymous\|Private_Hugetlb\|Shared_Hugetlb\): *\([0-9]*\) kB/\1 \2/p' "/proc/$pid/smaps_rollup"
	sed -n 's/^VmSize:[[:space:]]*\([0-9]*\) kB/VmSize \1/p' "/proc/$pid/status"
	python3 - "$telemetry" <<-'PYTHON'
		import json, socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		s.connect(sys.argv[1])
		s.recv(1024)
		s.send(b"/eal/heap_info,0")
		heap = json.loads(s.recv(16384))["/eal/heap_info"]
		print("heap_bytes", heap["Alloc_size"])
		print("heap_parts", heap["Alloc_count"])
	PYTHON
}

# Backends that leave in the middle of the handshake: the next one has its turn all the same.
leaving() {
	rm -f "$client"
	launch leaves python3 "$top/tests/fake_backend.py" leaves "$client"
	python3 "$top/tests/fake_backend.py" leaves "$server" 10 >/dev/null || fail "leaves: the server port takes no connection"
	prints_times leaves 10 connected
	killed leaves
	rm -f "$client"
}

# As much of all as there was before. Of memory a few pages more, not touched before; of addresses and mappings what musl's malloc
# keeps for later, where 100 rounds that leave something would leave 100. A thread that answers cvio stats may not have ended yet.
same() {
	holds >"$dir/after"
	paste -d ' ' "$dir/before" "$dir/after" | awk '
		BEGIN { slack["Rss"] = slack["Anonymous"] = 32; slack["VmSize"] = 256; slack["mappings"] = 8 }
		{ print $1, $2, $4 }
		$4 > $2 + slack[$1] { grown = 1 }
		END { exit grown }' >"$dir/grown"
}

report() {
	say "$1, $ROUNDS times, client and server: $(sort -n "$dir/$1.ms" | awk '{v[NR] = $1} END {
		printf "started to passing: median %d, worst %d ms", v[int((NR + 1) / 2)], v[NR]}'); held: $(xargs <"$dir/after")"
}

for backend_name in probe testpmd; do
	rounds $backend_name 1 $WARM
	: >"$dir/$backend_name.ms"
	sleep 0.5 # see same()
	holds >"$dir/before"
	leaving
	rounds $backend_name 1 "$ROUNDS"
	within 5 same || fail "$backend_name: after $ROUNDS rounds there is more than before: $(cat "$dir/grown")"
	report $backend_name
done
for line in 'has gone' 'is back'; do
	[ "$(grep -c "the backend $line" "$dir/l2fwd.log")" -ge $((4 * ROUNDS)) ] || fail "not a line each time that a backend $line"
done
[ "$(podman inspect "$name" --format '{{.State.Pid}}')" = "$pid" ] || fail "the container is another"
podman stop --time 2 "$name" >/dev/null
wait
rm -f "$client"
