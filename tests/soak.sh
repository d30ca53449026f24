#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The long counts: soak.sh BUILD_DIR [MINUTES [PART…]]; a part is fuzz or a name of the table below. Each fuzz target runs for MINUTES (10 unless said), each of the tests that count
# rounds for thousands of them, or for ROUNDS; `make check` has the same parts for seconds. Prints a line with figures for each, goes
# on after a failure, and ends with 1 if there was one. What a part printed stays in BUILD_DIR/tests/soak; what broke a parser, too.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
minutes=${2:-10}
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || { echo "soak: MINUTES=$minutes: a number is wanted" >&2; exit 64; }
logs=$build/tests/soak
# SCRIPT ROUNDS
counted='e2e/kill 2000
e2e/server 500
e2e/departures 2500
launcher/killed 1000
launcher/restart 2000
launcher/check 1000
ovs/restart 500
bundle/flipped 50000'
failed=0
shift $(($# > 2 ? 2 : $#))
parts=" $* "
wanted() { # PART
	[[ $parts =~ ^\ *$ || $parts == *" $1 "* ]]
}

line() { # PART COUNT SECONDS RESULT FIGURES
	printf '%-24s %14s %8s s  %-7s %s\n' "$@"
}

# part NAME COUNT COMMAND…: figures by figures_of
part() {
	local name=$1 count=$2 log=$logs/${1//\//_}.log begin=$SECONDS result=passed
	shift 2
	"$@" >"$log" 2>&1 || result=FAILED
	[ $result = passed ] || failed=$((failed + 1))
	line "$name" "$count" $((SECONDS - begin)) $result "$(figures_of "$log")"
}

# The last lines with figures that a test has said, or its failure; of libFuzzer its final counts.
figures_of() { # LOG
	grep -a -m 1 -E '^(FAILED|SKIPPED)|^SUMMARY:' "$1" | cut -c 1-160 ||
		awk '/^stat::number_of_executed_units/ { n = $2 } /^stat::average_exec_per_sec/ { rate = $2 } / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
			/ (median|ms|worst) / && !/^stat/ { last = $0 }
			END { if (n) printf "%d inputs, %d a second, %d edges", n, rate, cov; else print last }' "$1" | cut -c 1-160
}

fuzz() {
	local seconds target name
	seconds=$(awk -v m="$minutes" 'BEGIN { printf "%d", m * 60 + 0.5 }')
	ninja -C "$build" --quiet meson-test-prereq
	for target in "$build"/tests/fuzz/*_fuzz; do
		[ -x "$target" ] || { echo "soak: no fuzz target is built; install clang and libFuzzer" >&2; exit 1; }
		name=$(basename "$target" _fuzz)
		mkdir -p "$logs/corpus/$name"
		[ ! -f "$here/fuzz/$name.seed" ] || cp "$here/fuzz/$name.seed" "$logs/corpus/$name/"
		# a corpus that lasts, so that each soak begins where the one before ended
		part "fuzz/$name" - "$target" -max_total_time="$seconds" -print_final_stats=1 -error_exitcode=1 \
			-artifact_prefix="$logs/$name-" -dict="$here/fuzz/$name.dict" "$logs/corpus/$name"
	done
}

rounds() {
	local script count
	while read -r script count; do
		wanted "$script" || continue
		part "$script" "${ROUNDS:-$count}" env ROUNDS="${ROUNDS:-$count}" "$here/$script.sh" "$build"
	done <<<"$counted"
}

mkdir -p "$logs"
line part rounds took result figures
rounds
! wanted fuzz || fuzz
[ $failed = 0 ] || { echo "soak: $failed parts failed; their logs are in $logs" >&2; exit 1; }
