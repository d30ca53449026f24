#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A thread has 8 MiB of stack, as with glibc, in a worker lcore and in a thread of the program's own; what it doesn't touch
# isn't taken. (cvio-cc's programs and -z stack-size: tests/images/sdk.sh.)
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/${prefix}stack
image_own "$image"
ninja -C "$build" --quiet tests/stack >&2
mkdir "$dir/context"
cp "$build/tests/stack" "$dir/context/"
printf 'FROM localhost/cvio/base\nCOPY stack /stack\nENTRYPOINT ["/stack", "--"]\n' >"$dir/context/Containerfile"
buildah bud --quiet --layers=false --pull-never --tag "$image" "$dir/context" >/dev/null 2>&1

# run ARGS… -- MIB…: on two lcores
run() {
	timeout 30 "$cvio" run --name "${prefix}stack" --cpus 0-1 --memory small,32M "$@" >"$dir/out.log" 2>"$dir/err.log" ||
		fail "$*: it ended with $?: $(tail -n 1 "$dir/err.log")"
	[ "$(tail -n 1 "$dir/out.log")" = 'done' ] || fail "$*: no \"done\" in: $(cat "$dir/out.log")"
}
run "$image" -- 1 7
for mib in 1 7; do
	for lcore in 1 -1; do # none: the program's own
		grep -qx "$mib MiB in lcore $lcore" "$dir/out.log" || fail "$mib MiB in lcore $lcore isn't in: $(cat "$dir/out.log")"
	done
done
# three threads at least, whose stacks nobody has touched
rss=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "$dir/out.log")
[ "${rss:-99999}" -lt 8192 ] || fail "${rss:-no} kB are resident before a stack is used"
# a limit that the stacks would exceed if they were taken
run --podman-args '--memory=24m' "$image"
