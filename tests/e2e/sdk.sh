#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/sdk.md is true: outside of the tree, cvio-cc makes static binaries with the runtime of docs/images.md's program and, by
# their own Makefiles, of DPDK's examples; and one of them, in an image of five lines, sends every frame back to the probe.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/cvio-sdk-test
trap 'status=$?; podman rmi --force $image >/dev/null 2>&1; (exit $status); test_end' EXIT
# shellcheck source=/dev/null
. "$build/images/facts"
examples=$(echo "$top"/subprojects/dpdk*-"$DPDK"/examples)
# only what the SDK's user would have
unset PKG_CONFIG_PATH PKG_CONFIG_LIBDIR

# finished FILE: static, stripped, hardened, and the runtime is in it
finished() {
	local headers
	headers=$(readelf --wide --program-headers "$1")
	! grep -q INTERP <<<"$headers" || fail "$1 isn't static: it names an interpreter"
	! grep -E 'GNU_STACK .* RWE' <<<"$headers" || fail "$1 has an executable stack"
	grep -q GNU_RELRO <<<"$headers" || fail "$1 has no RELRO"
	! readelf --wide --sections "$1" | grep -q '\.symtab' || fail "$1 isn't stripped"
	expect 64 'CVIO_LOG: "loud"' env CVIO_LOG=loud "$1"
}

"$top/images/sdk/stage.sh" "$build" "$dir/the sdk" 2>"$dir/stage.log" || fail "the SDK can't be staged"
for archive in "$dir/the sdk"/lib/*.a; do
	[ "$(head -c 7 "$archive")" = '!<arch>' ] || fail "$archive holds no objects"
done

mkdir "$dir/an app"
awk '/^`images\/hello\/hello.c`:$/ {found = 1; next}
	/^```/ {if (writing) exit; writing = found; next}
	writing' "$top/docs/images.md" >"$dir/an app/hello.c"
grep -q rte_eal_init "$dir/an app/hello.c" || fail "docs/images.md doesn't have hello.c"
(cd "$dir/an app" && "$dir/the sdk/bin/cvio-cc" -Wall -Werror -o hello hello.c) 2>"$dir/hello.log" ||
	fail "cvio-cc can't make hello"
finished "$dir/an app/hello"

# moved, and to where make can follow: it can't depend on a file with a space in its name
mv "$dir/the sdk" "$dir/sdk"
cp -r "$examples/skeleton" "$examples/l2fwd" "$dir/"
export PATH=$dir/sdk/bin:$PATH
expect 2 "is another DPDK's; set PKG_CONFIG_PATH=$dir/sdk/lib/pkgconfig" make -C "$dir/skeleton" static CC=cvio-cc
expect 64 'cvio-cc: -shared' cvio-cc -shared -o "$dir/hello.so" "$dir/an app/hello.c"
export PKG_CONFIG_PATH=$dir/sdk/lib/pkgconfig
[ "$(pkg-config --modversion libdpdk)" = "$DPDK" ] || fail "libdpdk isn't DPDK $DPDK"
# each links for some seconds on one CPU; skeleton is made a backend, too
make -C "$dir/skeleton" static CC=cvio-cc PKGCONF="pkg-config cvio-vhost" >"$dir/skeleton.log" 2>&1 &
skeleton=$!
make -C "$dir/l2fwd" static CC=cvio-cc >"$dir/l2fwd.log" 2>&1 || fail "l2fwd can't be made"
wait $skeleton || fail "skeleton can't be made"
finished "$dir/skeleton/build/basicfwd"
finished "$dir/l2fwd/build/l2fwd"
got=$(stat --dereference -c %s "$dir/l2fwd/build/l2fwd")
ours=$(stat -c %s "$build/images/l2fwd/l2fwd")
[ $((got * 100)) -le $((ours * 105)) ] && [ $((got * 105)) -ge $((ours * 100)) ] ||
	fail "l2fwd has $got bytes, the same built in the tree $ours"

# a backend's driver comes with cvio-vhost only; skeleton has it, and wants two ports
port=CVIO_PORTS=vhost-backend:$dir/backend.sock
expect 69 "does the image have the driver net_vhost?" env CVIO_MEMORY=small "$port" "$dir/l2fwd/build/l2fwd" -- -p 1
expect 1 "number of ports must be even" env CVIO_MEMORY=small "$port" "$dir/skeleton/build/basicfwd"

# the Containerfile of docs/sdk.md
awk '/^```Dockerfile/ {writing = 1; next} /^```/ {writing = 0} writing' "$top/docs/sdk.md" >"$dir/an app/Containerfile"
[ "$(wc -l <"$dir/an app/Containerfile")" = 5 ] || fail "docs/sdk.md has no Containerfile of five lines"
buildah bud --layers=false --tag $image "$dir/an app" >"$dir/bud.log" 2>&1 || fail "buildah bud failed"

socket=$sockets/p0.sock
"$cvio" run --name "${prefix}hello" --cpus 1 --port "vhost-user:$socket" $image >"$dir/run.log" 2>&1 &
"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$socket" localhost/cvio/probe -- \
	--seconds 0 --count 20000 --json >"$dir/probe.json" 2>"$dir/probe.log" ||
	fail "the probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent == 20000 and .received == 20000 and .lost == 0 and .damaged == 0)] | length == 6' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
podman stop "${prefix}hello" >/dev/null
