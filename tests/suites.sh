#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The table of the tests' suites.
#
# suites.sh BUILD_DIR TIMES     prints it, with how long each took the last time that it was run in this build
# suites.sh names               their names
# suites.sh record LOG TIMES    takes the times of a run, Meson's testlog.json, into TIMES
set -euo pipefail
export LC_ALL=C
list=$(dirname "$0")/suites.list

names() {
	sed '/^#/d; s/|.*//' "$list"
}

# NAME SECONDS RESULT, a test a line; one that was run again replaces what was known of it
record() {
	touch "$2"
	{
		jq -r '"\(.name | gsub(".* / "; ""))\t\(.duration)\t\(.result)"' "$1"
		cat "$2"
	} | awk -F '\t' '!known[$1]++' >"$2.new"
	mv "$2.new" "$2"
}

# Which tests a suite has: TEST SUITE, a pair a line. Meson prefixes suites by the project's name.
members() {
	[ -f "$1/build.ninja" ] || return 0
	meson introspect --tests "$1" | jq -r '.[] | .name as $name | .suite[] | "\($name)\t\(sub("^cvio:?"; ""))"' |
		awk -F '\t' '{ print } $2 == "unit" || $2 == "lint" { print $1 "\tquick" }' | sort -u
}

table() {
	local name what needs
	printf '%-9s %5s %9s  %s\n' suite tests 'last time' 'what it is for; what it needs'
	members "$1" >"$2.members"
	touch "$2"
	while IFS='|' read -r name what needs; do
		awk -F '\t' -v suite="$name" -v what="$what" -v needs="$needs" '
			FILENAME == ARGV[1] { seconds[$1] = $2; result[$1] = $3; next }
			$2 == suite { tests++; run += $1 in seconds; sum += seconds[$1]; failed += ($1 in result) && result[$1] == "FAIL" }
			END {
				time = run == 0 ? "not run" : sprintf("%d s%s", sum + 0.5, run < tests ? "*" : "")
				printf "%-9s %5d %9s  %s\n%26s needs: %s\n", suite, tests, time, what, failed ? failed " failed" : "", needs
			}' "$2" "$2.members"
	done < <(sed '/^#/d' "$list")
	printf '\nTimes are the sum of the tests; * not all of them were run. `make check` runs all; SUITE=NAME one suite.\n'
}

case $1 in
names) names ;;
record) record "$2" "$3" ;;
*) table "$1" "$2" ;;
esac
