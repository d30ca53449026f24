#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/images.md is true: its three files, put into a copy of the tree, become an image by `make images`, and the probe
# gets every frame back from it. The copy is an overlay, which takes the build along, so that DPDK isn't compiled again.
. "$(dirname "$0")/../lib.sh"

apart "$@"
test_begin "$@"
image=localhost/cvio/hello
! podman image exists $image || fail "$image is there already; remove it, this test makes its own"

# in the place of the tree, since some compilers' arguments are absolute paths, and all would be compiled again
overlaid() { # FOLDER: what changes in it goes with this test
	local own
	own=$(mktemp -d -p "$dir")
	mkdir "$own/changes" "$own/work"
	mount -t overlay -o "lowerdir=$1,upperdir=$own/changes,workdir=$own/work" none "$1"
	at_end umount --lazy "$1"
}
overlaid "$top"
case $build in "$top"/*) ;; *) overlaid "$build" ;; esac
image_own $image $image:x86-64-v3

# a line that is a path in backquotes and a colon names the file in the block that follows
awk -v tree="$top" '
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
[ "$(cd "$top/images/hello" && echo *)" = "Containerfile hello.c meson.build" ] ||
	fail "docs/images.md doesn't have the three files"

before=$(podman image inspect --format '{{.Id}}' localhost/cvio/l2fwd)
make -C "$top" BUILD="$build" images >"$dir/make.log" 2>&1 ||
	fail "make images: status 0 expected, $? seen: $(tail -n 3 "$dir/make.log")"
[ "$(podman image inspect --format '{{.Id}}' localhost/cvio/l2fwd)" = "$before" ] ||
	fail "the same sources give another image of l2fwd"

socket=$sockets/p0.sock
launch hello "$cvio" run --name "${prefix}hello" --cpus 1 --port "vhost-user:$socket" $image
"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$socket" localhost/cvio/probe -- \
	--seconds 0 --count 20000 --json >"$dir/probe.json" 2>"$dir/probe.log" || fail "the probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent == 20000 and .received == 20000 and .lost == 0 and .damaged == 0)] | length == 6' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
podman stop "${prefix}hello" >/dev/null
ended hello 143 # by SIGTERM, as docs/images.md says

size=$(image_size hello)
[ "$size" -le $((320 * 1024)) ] || fail "$size bytes compressed"
