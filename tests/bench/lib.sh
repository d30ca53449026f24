# SPDX-License-Identifier: BSD-3-Clause
# For the benchmarks: the probe is the backend on CPU 0, what is compared runs on CPU 1 behind the same socket, in turn.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

RUNS=${RUNS:-7}
OWN_CORE=97 # percent of its CPU that a process must have had, else a neighbour was measured

bench_begin() {
	test_begin "$@"
	[ "$(nproc)" -ge 2 ] || skip "two CPUs are needed, one for the backend and one for what is measured"
	# testpmd ends where its standard input does
	mkfifo "$dir/stdin"
	exec 8<>"$dir/stdin"
}

# progress TEXT: on a terminal, over the line before
progress() {
	[ ! -t 2 ] || printf '\r%-40s\r' "$1" >&2
}

# The middle one of numbers, one a line.
median() {
	sort -n | awk '{v[NR] = $1} END {if (NR == 0) print "none"; else print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'
}

range() {
	sort -n | awk 'NR == 1 {min = $1} {max = $1} END {print min " to " max}'
}

# probe_start SOCKET ARGS…: the backend; its process is $probe, its events are in $dir/events, its result in $dir/result.
probe_start() {
	local socket=$1
	shift
	rm -f "$socket" "$dir/events" "$dir/result"
	OUT=$dir/result launch probe env CVIO_PORTS="vhost-backend:$socket" CVIO_LCORES=0@0 CVIO_MEMORY=memfd,64M \
		"$build/images/probe/probe" -- --sizes 64 --events --json "$@"
	makes probe "$socket"
	chmod 666 "$socket"
}

# One figure of the probe's lines: result FILTER
result() {
	jq --slurp "$1" "$dir/result"
}

stop() { # PROCESS SIGNAL
	kill "-$2" "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# exec_at: notes when a program was started (exec_at.c)
exec_at_build() {
	gcc -O2 -o "$dir/exec_at" "$top/tests/bench/exec_at.c"
}

# The nanoseconds that the busiest thread of a process has run so far.
busiest_ns() {
	cat "/proc/$1/task"/*/schedstat 2>/dev/null | sort -n | tail -n 1 | cut -d ' ' -f 1
}

# Whether two processes each have a CPU of their own for 1.5 s from now: own_cores PROCESS PROCESS
own_cores() {
	local a b start
	a=$(busiest_ns "$1") b=$(busiest_ns "$2") start=$(date +%s%N)
	sleep 1.5
	local passed=$(($(date +%s%N) - start))
	[ $((($(busiest_ns "$1") - a) * 100 / passed)) -ge $OWN_CORE ] &&
		[ $((($(busiest_ns "$2") - b) * 100 / passed)) -ge $OWN_CORE ]
}
