# SPDX-License-Identifier: BSD-3-Clause
# What every test script begins with: `. "$(dirname "$0")/../lib.sh"; test_begin "$@"`. The first argument is the build folder.
#
# A test gets a folder of its own ($dir), podman ready to use, hugepages, and at its end a check that nothing is left:
# no container, process, socket, mount, hugepage or image. It ends with status 0 (passed), 77 (skipped: Meson's) or 1.
#
# A wait is for something that only this round can have made: what runs in the background is begun by `launch`, and waited for by
# `prints`, `makes` and `ended`, which look at nothing from before that start. tests/lint.sh finds waits that look elsewhere.
# shellcheck shell=bash

set -euo pipefail
export LC_ALL=C.UTF-8 # numbers with a point, messages as they are looked for
umask 022             # the containers' user reaches what a test makes
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PAGES_DIR=/sys/kernel/mm/hugepages/hugepages-2048kB
PAGES_WANTED=${PAGES_WANTED:-320} # of 2 MiB: two containers of 64 MiB, a testpmd of 256, and room
uid=65532                         # what images run as
BESIDE=${BESIDE:-}                # "yes" of a test that runs beside others: it takes no hugepages, and its images have names of their own

say() {
	echo "$*" >&2
}

# The line of the test's script that is at work, not that of a helper
place() {
	local i
	for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
		case ${BASH_SOURCE[i]} in */lib.sh | */storage.sh) continue ;; esac
		echo "${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}: "
		return
	done
}

# fail TEXT: its first line says what was expected, and what was seen
fail() {
	say "FAILED: $(place)$*"
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
	[ "$got" = "$status" ] || fail "$*: status $status expected, $got seen: $out"
	grep -qF -- "$text" <<<"$out" || fail "$*: \"$text\" expected, not in: $out"
}

# within SECONDS COMMAND…: whether a command succeeds in that time; what its last try printed is in $tried. (Here and below a local
# name begins with an underscore where a command of the script runs, which would see it in place of its own.)
within() {
	local _end=$((SECONDS + $1))
	shift
	until tried=$("$@" 2>&1); do
		[ "$SECONDS" -lt "$_end" ] || return 1
		sleep 0.02
	done
}

# Wait until a command succeeds: wait_for SECONDS COMMAND… Its last try is told if it doesn't.
wait_for() {
	within "$@" || fail "expected within $1 s: ${*:2}; the last try: ${tried:-printed nothing}"
}

# launch NAME COMMAND…: in the background, its process is $NAME, its lines are in a new $dir/NAME.log. OUT=FILE before it has
# standard output elsewhere. Of a function the process is a shell, unless it ends in exec.
launch() {
	local _name=$1 _log=$dir/$1.log _out=${OUT:-}
	shift
	rm -f "$_log" ${_out:+"$_out"} # one from before may still write to its own
	touch "$dir/.$_name.began"
	if [ -n "$_out" ]; then
		OUT='' "$@" <&0 >"$_out" 2>"$_log" &
	else
		"$@" <&0 >"$_log" 2>&1 &
	fi
	printf -v "$_name" %s $!
}

running() { # NAME
	kill -0 "${!1}" 2>/dev/null
}

last_line() { # NAME
	tail -n 1 "$dir/$1.log" 2>/dev/null | tr -d '\0\r' | cut -c 1-300
}

# until_seen NAME SECONDS WHAT COMMAND…: wait until the command succeeds, which NAME has to make true; not on when it has ended
until_seen() {
	local _name=$1 _end=$((SECONDS + $2)) _seconds=$2 _what=$3 _runs
	shift 3
	while true; do
		_runs=yes
		running "$_name" || _runs=
		! "$@" >/dev/null 2>&1 || return 0
		[ -n "$_runs" ] || fail "$_name: $_what expected, it has ended; its last line: $(last_line "$_name")"
		[ "$SECONDS" -lt "$_end" ] || fail "$_name: $_what expected within $_seconds s; its last line: $(last_line "$_name")"
		sleep 0.02
	done
}

# prints NAME TEXT [SECONDS]: what was begun by `launch` has printed this, or in OUT
prints() {
	until_seen "$1" "${3:-20}" "\"$2\"" grep -qsaF -- "$2" "$dir/$1.log"
}

# prints_times NAME COUNT REGULAR-EXPRESSION [SECONDS]: it has printed so many lines of this kind, or more
prints_times() {
	until_seen "$1" "${4:-20}" "$2 lines of \"$3\"" printed_times "$dir/$1.log" "$2" "$3"
}

printed_times() {
	[ "$(grep -caE -- "$3" "$1" 2>/dev/null || true)" -ge "$2" ]
}

# writes NAME FILE TEXT [SECONDS]: it has written this to FILE, such as its OUT, which wasn't there before it was started
writes() {
	until_seen "$1" "${4:-20}" "\"$3\" in $2" grep -qsaF -- "$3" "$2"
}

# makes NAME PATH [SECONDS]: a socket, or another file, that wasn't there before it was started
makes() {
	until_seen "$1" "${3:-20}" "$2" made_since "$2" "$dir/.$1.began"
}

made_since() {
	[ -e "$1" ] && [ ! "$1" -ot "$2" ]
}

# ended NAME STATUS [SECONDS]
ended() {
	local end=$((SECONDS + ${3:-20})) status=0
	while running "$1"; do
		[ "$SECONDS" -lt "$end" ] || fail "$1: its end expected within ${3:-20} s; its last line: $(last_line "$1")"
		sleep 0.02
	done
	wait "${!1}" || status=$?
	[ "$status" = "$2" ] || fail "$1: status $2 expected, $status seen; its last line: $(last_line "$1")"
}

# killed NAME [SIGNAL]: end it, KILL unless said, and wait for that, whatever its status
killed() {
	kill -"${2:-KILL}" "${!1}" 2>/dev/null || true
	wait "${!1}" 2>/dev/null || true
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

# QEMU's user mode, which is one static program for each CPU: $qemu_x86_64 and $qemu_aarch64
emulators() {
	qemu_x86_64=$(command -v qemu-x86_64-static || command -v qemu-x86_64) &&
		qemu_aarch64=$(command -v qemu-aarch64-static || command -v qemu-aarch64)
}

# What a registry would store and a site would fetch, in bytes: image_size NAME
image_size() {
	skopeo copy --quiet "containers-storage:localhost/cvio/$1" "oci:$dir/oci:$1" 2>"$dir/skopeo.log"
	skopeo inspect --raw "oci:$dir/oci:$1" | jq "[.layers[].size] | add"
}

# apart "$@": before test_begin, the test goes on in a mount namespace of its own
apart() {
	need_root
	[ -n "${APART:-}" ] || exec env APART=1 unshare --mount --propagation private bash "$0" "$@"
}

# prepared PART "$@": before test_begin: what tests/prepare.sh makes is there, and its storage is this test's
prepared() {
	local part=$1
	shift
	apart "$@"
	"$top/tests/prepare.sh" "$1" "$part" || fail "$part: its images expected to be made"
	CONTAINERS_STORAGE_CONF=$(cd "$1" && pwd)/tests/storage.conf
	export CONTAINERS_STORAGE_CONF
	own_storage=yes
}
own_storage= # in which images may stay

containers() { # of this test
	podman ps --all --quiet --filter "name=^$prefix"
}

# at_end COMMAND…: when the test ends, however it does; the last one first
at_end() {
	ends_by=("$(printf '%q ' "$@")" "${ends_by[@]}")
}
ends_by=()

# image_own NAME…: images that this test makes; they go at its end
image_own() {
	own_images+=("$@")
}
own_images=()

# Each name of the storage with its image, and images without a name
images() {
	podman images --all --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort
}

images_left() {
	comm -13 <(echo "$images_at_begin") <(images)
}

# Nothing is removed that the test hasn't named: others may work in the storage.
images_end() {
	local name
	for name in "${own_images[@]}"; do
		! podman manifest exists "$name" || podman manifest rm "$name"
		! podman image exists "$name" || podman rmi --force "$name"
	done >/dev/null 2>&1
}

test_begin() {
	build=$(cd "$1" && pwd)
	cvio=$build/launcher/cvio
	need_root
	dir=$(mktemp -d -p /tmp) # not TMPDIR: a socket's path must be short, and open to another uid
	chmod 755 "$dir"
	prefix=t$$-
	pages_before=
	[ -z "$BESIDE" ] || PAGES_WANTED=0
	trap test_end EXIT
	trap 'exit 130' INT TERM
	pages_reserve
	[ -n "${ENGINE_KNOWN:-}" ] || engine_setup
	# for the sockets that containers make
	sockets=$dir/sockets
	install -d -o $uid -m 755 "$sockets"
	# where others use hugepages too, theirs come and go
	free_at_begin=$(free_pages)
	[ -z "$BESIDE" ] && [ "$free_at_begin" = "$(cat $PAGES_DIR/nr_hugepages)" ] || free_at_begin=0
	mounts_at_begin=$(mounts | wc -l)
	images_at_begin=$(images)
}

mounts() { # of containers and of this test
	local of="containers/storage|cvio|$dir"
	[ -z "$BESIDE" ] || of=$dir
	grep -E "$of" /proc/mounts || true
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
	[ -n "$BESIDE$own_storage" ] || [ -z "$(images_left)" ] || say "images are left: $(images_left)"
}

no_leftovers() {
	[ -z "$(left_behind 2>&1)" ]
}

test_end() {
	local status=$? ids left command
	set +e
	trap - EXIT
	for command in "${ends_by[@]}"; do
		eval "$command" >>"$dir/.ends" 2>&1
	done
	images_end
	if [ "$status" = 0 ] && ! within 5 no_leftovers; then
		left=$(left_behind 2>&1)
		say "FAILED: nothing expected to be left at the end: $left"
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
	launch testpmd testpmd_exec "${vdevs[@]}" -- --rxq="$queues" --txq="$queues" <&9
	makes testpmd "$1"
	prints testpmd 'testpmd>'
}

testpmd_exec() { # VDEVS… -- OPTIONS…
	local vdevs=()
	while [ "$1" != -- ]; do
		vdevs+=("$1")
		shift
	done
	umask 0 # another uid connects
	exec stdbuf -oL dpdk-testpmd --lcores 0@1,1@0 --no-pci --in-memory --single-file-segments -m 64 \
		--file-prefix "$prefix" "${vdevs[@]}" -- -i --nb-cores=1 --total-num-mbufs=8192 "${@:2}"
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

# Frames go into the loop and come back, again and again: whether more came back than were sent
testpmd_loops() {
	local received
	testpmd_say 'start tx_first' >/dev/null
	sleep 0.1
	received=$(testpmd_say stop '^Done' | sed -n 's/.*RX-packets: \([0-9]*\) .*/\1/p' | tail -n 1)
	echo "${received:-0} frames came back"
	[ "${received:-0}" -gt 32 ]
}

testpmd_stop() {
	kill "$testpmd" 2>/dev/null || true
	wait "$testpmd" 2>/dev/null || true
	exec 9>&-
}
