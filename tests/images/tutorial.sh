#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/tutorial.md is true: its files, written into an empty folder, and its commands, run there in turn as they stand, give
# frames, before and after the line is changed. Only `make` isn't run again: what it makes is what is tested.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
page=$top/docs/tutorial.md
! podman container exists hello || fail "a container named hello is there already; the tutorial makes its own"
! podman image exists localhost/hello || fail "localhost/hello is there already; the tutorial makes its own"
[ ! -e /run/hello ] || fail "/run/hello is there already; the tutorial makes its own"
podman image exists localhost/cvio/sdk || fail "localhost/cvio/sdk is missing; run: make sdk-image"
image_own localhost/hello
at_end rm -rf /run/hello
at_end podman rm --force --time 1 hello

# A line that is a name in backquotes and a colon names the file in the block that follows; a block of sh is a step.
mkdir "$dir/empty" "$dir/steps"
awk -v files="$dir/empty/" -v steps="$dir/steps/" '
	/^`[^\/`]*`:$/ {split($0, part, "`"); named = files part[2]; next}
	/^```/ && out != "" {close(out); out = ""; next}
	/^```sh$/ {out = sprintf("%s%02d", steps, ++count); next}
	/^```/ && named != "" {out = named; named = ""; next}
	out != "" {print >out}' "$page"
[ "$(cd "$dir/empty" && echo *)" = "Containerfile hello.c" ] || fail "the page doesn't have the two files"
cmp "$dir/empty/Containerfile" "$top/Containerfile" || fail "the page's Containerfile isn't the one at the top of the tree"
[ "$(grep -c . "$top/Containerfile")" = 6 ] || fail "the model Containerfile hasn't six lines"
[ "$(wc -l <"$dir/empty/hello.c")" -le 60 ] || fail "hello.c has more than 60 lines"

make() { # targets that are there, and made: this is a test of them
	command make --directory "$top" BUILD="$build" --dry-run "$@" >/dev/null || fail "make $*"
}

# Each step's output is in a log of its own; the program's images before and after differ.
runs=0
builds=()
cd "$dir/empty"
for step in "$dir"/steps/*; do
	began=$(date +%s%N)
	set +e
	# shellcheck source=/dev/null
	(
		set -e
		PATH=$build/launcher:$PATH
		. "$step"
	) >"$step.log" 2>&1
	status=$?
	set -e
	ms=$((($(date +%s%N) - began) / 1000000))
	say "$(head -n 1 "$step") … $ms ms"
	[ $status = 0 ] || fail "status $status: $(cat "$step" "$step.log")"
	if grep -q 'cvio/probe' "$step"; then
		[ "$(grep -cE '^ +[0-9]+ +([0-9]+) +\1 +0 ' "$step.log")" = 6 ] ||
			fail "not every frame came back: $(cat "$step.log")"
		runs=$((runs + 1))
		builds+=("$(podman image inspect --format '{{.Id}}' localhost/hello)")
	fi
done
[ $runs = 2 ] || fail "the page has $runs runs of the probe, not 2"
[ "${builds[0]}" != "${builds[1]}" ] || fail "the changed program has the same image"
! podman image exists localhost/hello || fail "the page leaves localhost/hello"
