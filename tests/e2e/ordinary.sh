#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What an ordinary program calls answers in an image as it does on the host: every call of the list's section [ordinary].
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/${prefix}ordinary
image_own "$image"

musl-gcc -static -Wall -Wextra -Werror -o "$dir/ordinary" "$top/tests/e2e/ordinary.c"
printf 'FROM localhost/cvio/base\nCOPY ordinary /ordinary\nENTRYPOINT ["/ordinary"]\n' >"$dir/Containerfile"
buildah bud --quiet --layers=false --pull-never --tag "$image" "$dir" >/dev/null 2>&1

# as the images' user: a container has no capability either
setpriv --reuid $uid --regid $uid --clear-groups --bounding-set=-all "$dir/ordinary" >"$dir/host.txt"
timeout 30 "$cvio" run --name "${prefix}ordinary" "$image" >"$dir/image.txt" || fail "expected status 0 of the image's program, saw $?"
diff -u "$dir/host.txt" "$dir/image.txt" >&2 || fail "expected the host's answers, saw others in the image (the lines with +)"

# The test is about the list: an entry that isn't tried can't fail.
listed=$(sed -n '/^\[ordinary\]/,/^\[engine\]/s/^\([a-z0-9_]*\)  #.*/\1/p' "$top/runtime/seccomp/boot.list")
[ -n "$listed" ] || fail "expected entries in [ordinary], saw none"
for call in $listed; do
	grep -q "^$call " "$dir/image.txt" || fail "expected that tests/e2e/ordinary.c makes $call, saw no line of it"
done
