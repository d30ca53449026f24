#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/images.md is true: its three files, put into a copy of the tree, become an image by `make images`, and the probe
# gets every frame back from it. The copy takes the build along, so that DPDK isn't compiled again.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/cvio/hello
! podman image exists $image || fail "$image is there already; remove it, this test makes its own"

mkdir "$dir/tree"
(cd "$top" && tar --create --exclude='./build*' --exclude=./.git .) | tar --extract --directory "$dir/tree"
cp -a "$build" "$dir/tree/build"

# a line that is a path in backquotes and a colon names the file in the block that follows
awk -v tree="$dir/tree" '
	/^`images\/[^`]*`:$/ {split($0, part, "`"); file = tree "/" part[2]; next}
	/^```/ {
		if (writing) {close(file); file = ""; writing = 0}
		else if (file != "") {
			folder = file
			sub("/[^/]*$", "", folder)
			system("mkdir -p " folder)
			writing = 1
		}
		next
	}
	writing {print >file}' "$top/docs/images.md"
[ "$(cd "$dir/tree/images/hello" && echo *)" = "Containerfile hello.c meson.build" ] ||
	fail "docs/images.md doesn't have the three files"

trap 'status=$?; set +e; podman rmi --force $image >/dev/null 2>&1; (exit $status); test_end' EXIT
before=$(podman image inspect --format '{{.Id}}' localhost/cvio/l2fwd)
# in the place of the tree, since some compilers' arguments are absolute paths, and all would be compiled again
# shellcheck disable=SC2016
unshare --mount sh -c 'mount --bind "$1" "$2" && make -C "$2" BUILD=build images' sh "$dir/tree" "$top" \
	>"$dir/make.log" 2>&1 || fail "make images failed"
[ "$(podman image inspect --format '{{.Id}}' localhost/cvio/l2fwd)" = "$before" ] ||
	fail "the same sources give another image of l2fwd"

socket=$sockets/p0.sock
"$cvio" run --name "${prefix}hello" --cpus 1 --port "vhost-user:$socket" $image >"$dir/hello.log" 2>&1 &
hello=$!
"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$socket" localhost/cvio/probe -- \
	--seconds 0 --count 20000 --json >"$dir/probe.json" 2>"$dir/probe.log" || fail "the probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent == 20000 and .received == 20000 and .lost == 0 and .damaged == 0)] | length == 6' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
podman stop "${prefix}hello" >/dev/null
status=0
wait $hello || status=$?
[ "$status" = 143 ] || fail "hello ended with $status, not by SIGTERM as docs/images.md says"

size=$(image_size hello)
[ "$size" -le $((320 * 1024)) ] || fail "$size bytes compressed"
