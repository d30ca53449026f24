#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Images stay small (sizes.sh), and each is a static binary on an empty base.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
"$top/tests/images/sizes.sh" "$build" || fail "the table above says which image, and why"
# shellcheck source=/dev/null
. "$build/images/facts"
for image in $IMAGES; do
	layers=$(podman image inspect --format '{{len .RootFS.Layers}}' "localhost/cvio/$image:$CPU")
	[ "$layers" = 2 ] || fail "localhost/cvio/$image has $layers layers, not the empty base and its binary"
	file=$build/images/$image/$image
	headers=$(readelf --wide --program-headers "$file")
	! grep -q INTERP <<<"$headers" || fail "$image: not static: it names an interpreter"
	! grep -E 'GNU_STACK .* RWE' <<<"$headers" || fail "$image: an executable stack"
	grep -q GNU_RELRO <<<"$headers" || fail "$image: no RELRO"
done
