#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Unpacks and patches the sources that Meson builds, from subprojects/packagecache; again where a wrap or a patch has changed,
# since Meson by itself would keep what it once unpacked. unpack-sources.sh WRAP…: names without ".wrap"
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for wrap in "$@"; do
	dir=$top/subprojects/$(sed -n 's/^directory *= *//p' "$top/subprojects/$wrap.wrap")
	stamp=$dir/.unpacked-by
	now=$(cd "$top/subprojects" && find "$wrap.wrap" "packagefiles/$wrap" -type f 2>/dev/null | sort | xargs sha256sum)
	[ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || continue
	rm -rf "$dir"
	if ! meson subprojects download --sourcedir "$top" "$wrap" >"$log" 2>&1 || [ ! -d "$dir" ]; then
		cat "$log" >&2
		echo "toolchain: subprojects/$wrap.wrap can't be unpacked; see the lines above" >&2
		exit 1
	fi
	echo "$now" >"$stamp"
done
