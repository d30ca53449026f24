# SPDX-License-Identifier: BSD-3-Clause
# What every test script begins with: `. "$(dirname "$0")/../lib.sh"; test_begin "$@"`. The first argument is the build folder.
#
# A test gets a folder of its own ($dir), podman ready to use, hugepages, and at its end a check that nothing is left:
# no container, process, socket, mount or hugepage. It ends with status 0 (passed), 77 (skipped: Meson's) or 1.
# shellcheck shell=bash

set -euo pipefail
export LC_ALL=C.UTF-8 # numbers with a point, messages as they are looked for
umask 022             # the containers' user reaches what a test makes
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PAGES_DIR=/sys/kernel/mm/hugepages/hugepages-2048kB
PAGES_WANTED=${PAGES_WANTED:-320} # of 2 MiB: two containers of 64 MiB, a testpmd of 256, and room
uid=65532                         # what images run as

say() {
	echo "$*" >&2
}

fail() {
	say "FAILED: $*"
	exit 1
}

skip() {
	say "SKIPPED: $*"
	exit 77
}

# Run a command that must fail with a status and a message: expect STATUS TEXT COMMAND…
expect() {
	local status=$1 text=$2 got=0 out
	shift 2
	out=$(timeout 60 "$@" 2>&1) || got=$?
	[ "$got" = "$status" ] || fail "$*: status $got, not $status: $out"
	grep -qF -- "$text" <<<"$out" || fail "$*: \"$text\" is not in: $out"
}

# Wait until a command succeeds: wait_for SECONDS COMMAND…
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || fail "not in time: $*"
		sleep 0.02
	done
}

free_pages() {
	cat $PAGES_DIR/free_hugepages
}

need_root() {
	[ "$(id -u)" = 0 ] || skip "root is needed, for hugepages and a folder of another uid"
}

# At least PAGES_WANTED free hugepages; as many as there were before at the end.
pages_reserve() {
	local free total
	free=$(free_pages)
	total=$(cat $PAGES_DIR/nr_hugepages)
	[ "$free" -lt "$PAGES_WANTED" ] || return 0
	pages_before=$total
	echo $((total + PAGES_WANTED - free)) >$PAGES_DIR/nr_hugepages
	[ "$(free_pages)" -ge "$PAGES_WANTED" ] ||
		fail "only $(free_pages) of $PAGES_WANTED hugepages of 2 MiB can be had; free some memory"
}

# podman as it is configured, else with tests/containers.conf.
engine_setup() {
	if ! engine_works; then
		export CONTAINERS_CONF=$top/tests/containers.conf
		say "podman can't start a container as it is configured; with tests/containers.conf (CONTAINERS_CONF):"
		engine_works || fail "podman can't start a trivial container: $(engine_try 2>&1)"
	fi
}

# l2fwd without a port ends with status 1; 125 and above are the engine's.
engine_try() {
	podman run --rm --network none --cap-drop all localhost/cvio/l2fwd
}

engine_works() {
	local status=0
	engine_try >/dev/null 2>&1 || status=$?
	[ "$status" -lt 125 ]
}

# What a registry would store and a site would fetch, in bytes: image_size NAME
image_size() {
	skopeo copy --quiet "containers-storage:localhost/cvio/$1" "oci:$dir/oci:$1" 2>"$dir/skopeo.log"
	skopeo inspect --raw "oci:$dir/oci:$1" | jq "[.layers[].size] | add"
}

containers() { # of this test
	podman ps --all --quiet --filter "name=^$prefix"
}

test_begin() {
	build=$(cd "$1" && pwd)
	cvio=$build/launcher/cvio
	need_root
	dir=$(mktemp -d -p /tmp) # not TMPDIR: a socket's path must be short, and open to another uid
	chmod 755 "$dir"
	prefix=t$$-
	pages_before=
	trap test_end EXIT
	trap 'exit 130' INT TERM
	pages_reserve
	engine_setup
	# for the sockets that containers make
	sockets=$dir/sockets
	install -d -o $uid -m 755 "$sockets"
	# where others use hugepages too, theirs come and go
	free_at_begin=$(free_pages)
	[ "$free_at_begin" = "$(cat $PAGES_DIR/nr_hugepages)" ] || free_at_begin=0
	mounts_at_begin=$(mounts | wc -l)
}

mounts() { # of containers and of this test
	grep -E "containers/storage|cvio|$dir" /proc/mounts || true
}

# The kernel gives pages and mounts back a moment after the process has gone.
left_behind() {
	local ids
	ids=$(containers)
	[ -z "$ids" ] || say "containers are left: $ids"
	! pgrep -f -- "$prefix" >&2 || say "processes are left: $(pgrep -af -- "$prefix")"
	[ -z "$(find "$sockets" -type s -user $uid)" ] || say "sockets are left: $(find "$sockets" -type s -user $uid)"
	[ "$(free_pages)" -ge "$free_at_begin" ] || say "hugepages are left: $(free_pages) free, $free_at_begin before"
	[ "$(mounts | wc -l)" -le "$mounts_at_begin" ] || say "mounts are left: $(mounts)"
	! grep -lF "\"name\":\"$prefix" /run/cvio/cvio-*/container.json >&2 2>/dev/null || say "a container's folder is left"
}

no_leftovers() {
	[ -z "$(left_behind 2>&1)" ]
}

test_end() {
	local status=$? ids
	set +e
	trap - EXIT
	if [ "$status" = 0 ] && ! (wait_for 5 no_leftovers); then
		left_behind
		status=1
	fi
	ids=$(containers)
	# shellcheck disable=SC2086
	[ -z "$ids" ] || podman rm --force --time 1 $ids >/dev/null 2>&1
	# shellcheck disable=SC2046
	kill $(jobs -p) 2>/dev/null
	wait 2>/dev/null
	if [ "$status" != 0 ] && [ "$status" != 77 ]; then
		tail -n 40 "$dir"/*.log 2>/dev/null
	fi
	rm -rf "$dir"
	[ -z "$pages_before" ] || echo "$pages_before" >$PAGES_DIR/nr_hugepages
	exit $status
}

# Debian's dpdk-testpmd as a vhost-user backend on CPU 0: testpmd_backend SOCKET [QUEUES [SOCKET2]]; with two sockets it
# forwards between them. Its command line reads from descriptor 9; its lines are in $dir/testpmd.log; its process is $testpmd.
testpmd_backend() {
	local queues=${2:-1} vdevs=() socket i=0
	for socket in "$1" ${3:+"$3"}; do
		vdevs+=(--vdev "eth_vhost$i,iface=$socket,queues=$queues")
		i=$((i + 1))
	done
	[ -p "$dir/testpmd.in" ] || mkfifo "$dir/testpmd.in"
	exec 9<>"$dir/testpmd.in"
	(
		umask 0 # another uid connects
		exec stdbuf -oL dpdk-testpmd --lcores 0@1,1@0 --no-pci --in-memory --single-file-segments -m 64 \
			--file-prefix "$prefix" "${vdevs[@]}" -- \
			-i --nb-cores=1 --rxq="$queues" --txq="$queues" --total-num-mbufs=8192
	) <&9 >"$dir/testpmd.log" 2>&1 &
	testpmd=$!
	wait_for 15 test -S "$socket"
	wait_for 15 grep -q 'testpmd>' "$dir/testpmd.log"
}

# testpmd_say COMMAND [PATTERN]: type it, wait for a line of the answer, print the answer.
testpmd_say() {
	local from
	from=$(($(stat -c %s "$dir/testpmd.log") + 1))
	testpmd_answer() { tail -c "+$from" "$dir/testpmd.log"; }
	echo "$1" >&9
	[ $# = 1 ] || wait_for 10 eval "testpmd_answer | grep -- '$2' >/dev/null"
	testpmd_answer
}

testpmd_stop() {
	kill "$testpmd" 2>/dev/null || true
	wait "$testpmd" 2>/dev/null || true
	exec 9>&-
}
