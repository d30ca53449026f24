#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Prints how large a build's images are, compressed, beside what sizes.list has recorded: sizes.sh BUILD_DIR [record].
# Fails if one is larger than its limit, has grown by more than 5 %, or isn't recorded. With "record" it writes down what
# it finds, for a growth that is meant.
. "$(dirname "$0")/../lib.sh"

# KiB; what the design promises of an image. The others are only compared with their record.
declare -A limits=([l2fwd]=280 [probe]=400 [switch]=320 [testpmd]=1228)
GROWTH=5 # per cent

list=$top/tests/images/sizes.list
build=$1
mode=${2:-}
[ -z "$mode" ] || [ "$mode" = record ] || fail "$mode: only \"record\" may follow the build folder"
# shellcheck source=/dev/null
. "$build/images/facts"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

recorded() { # NAME
	awk -v name="$1" -v cpu="$CPU" '$1 == name && $2 == cpu { print $3 }' "$list"
}

kib() {
	awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1024 }'
}

judge() { # NAME BYTES RECORDED
	if [ -n "${limits[$1]:-}" ] && [ "$2" -gt $((limits[$1] * 1024)) ]; then
		echo "larger than its limit"
	elif [ -z "$3" ]; then
		echo "not recorded: make size RECORD=yes"
	elif [ $(($2 * 100)) -gt $(($3 * (100 + GROWTH))) ]; then
		echo "has grown by more than $GROWTH %: make it smaller, or make size RECORD=yes"
	fi
}

write_down() { # NAME BYTES
	{
		awk -v name="$1" -v cpu="$CPU" '$1 != name || $2 != cpu' "$list"
		echo "$1 $CPU $2"
	} >"$dir/list"
	{
		grep '^#' "$dir/list"
		grep -v '^#' "$dir/list" | sort
	} >"$list"
}

bad=0
printf '%-24s %9s %9s %9s\n' "KiB, compressed, $CPU" limit recorded now
for name in $IMAGES; do
	size=$(image_size "$name:$CPU") || fail "localhost/cvio/$name:$CPU: $(cat "$dir/skopeo.log"); run make images"
	[ "$mode" != record ] || write_down "$name" "$size"
	before=$(recorded "$name")
	wrong=$(judge "$name" "$size" "$before")
	printf '%-24s %9s %9s %9s  %s\n' "localhost/cvio/$name" "${limits[$name]:--}" "${before:+$(kib "$before")}" \
		"$(kib "$size")" "$wrong"
	[ -z "$wrong" ] || bad=1
done
exit $bad
