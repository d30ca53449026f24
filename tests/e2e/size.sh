#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Images stay small: compressed, as skopeo inspect gives it.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
while read -r image limit; do
	size=$(image_size "$image")
	echo "localhost/cvio/$image: $size bytes compressed, $((limit * 1024)) allowed"
	[ "$size" -le $((limit * 1024)) ] || fail "localhost/cvio/$image is larger than $limit KiB"
	layers=$(skopeo inspect --raw "oci:$dir/oci:$image" | jq '.layers | length')
	[ "$layers" = 2 ] || fail "localhost/cvio/$image has $layers layers, not the empty base and its binary"
done <<LIMITS
l2fwd 320
probe 400
LIMITS
for image in l2fwd probe; do
	file=$build/images/$image/$image
	readelf --wide --program-headers "$file" | grep -q INTERP && fail "$image: not static: it names an interpreter"
	readelf --wide --program-headers "$file" | grep -E 'GNU_STACK .* RWE' && fail "$image: an executable stack"
	readelf --wide --program-headers "$file" | grep -q GNU_RELRO || fail "$image: no RELRO"
done
