#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `make index`: an image for each CPU level and for aarch64, all in one index (of two images here, which is half the time); cvio takes the best of them, podman one that
# runs; on a CPU that lacks the level an image says so; aarch64's binaries pass frames under emulation.
PAGES_WANTED=0 # ordinary pages do
. "$(dirname "$0")/../lib.sh"

emulators || skip "qemu's user mode is missing"
prepared levels "$@"
test_begin "$@"
index=localhost/cvio/l2fwd:multi
other=localhost/cvio/${prefix}other:multi

index_make() {
	make -C "$top" BUILD="$build" IMAGES='l2fwd probe' index >"$dir/make.log" 2>&1 || fail "make index failed"
}

# the binary of an image for a CPU: binary CPU NAME
binary() {
	if [ "$1" = x86-64-v3 ]; then echo "$build/images/$2/$2"; else echo "$build-$1/images/$2/$2"; fi
}

podman manifest inspect $index >"$dir/index.json"
platforms=$(jq -r '.manifests[].platform | "\(.os)/\(.architecture)/\(.variant)"' "$dir/index.json" | xargs)
[ "$platforms" = "linux/amd64/null linux/amd64/v2 linux/amd64/v3 linux/amd64/v4 linux/arm64/v8" ] ||
	fail "the index is of $platforms"
for cpu in x86-64-v2 x86-64-v3 x86-64-v4 aarch64; do
	case $cpu in aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
	got=$(podman image inspect --format '{{.Architecture}} {{index .Labels "io.cvio.cpu"}}' localhost/cvio/l2fwd:$cpu)
	[ "$got" = "$arch $cpu" ] || fail "l2fwd:$cpu is $got"
done

# all that is in it can be carried away, and a second run makes the same
buildah manifest push --quiet --all $index "oci:$dir/oci:l2fwd" >/dev/null 2>"$dir/push.log"
skopeo copy --quiet --all "oci:$dir/oci:l2fwd" "oci:$dir/copy:l2fwd"
skopeo inspect --raw "oci:$dir/copy:l2fwd" | jq -r '.manifests[].digest' >"$dir/digests"
[ "$(wc -l <"$dir/digests")" = 5 ] || fail "$(wc -l <"$dir/digests") images are in a copy of the index"
while IFS=: read -r _ digest; do
	[ -f "$dir/copy/blobs/sha256/$digest" ] || fail "sha256:$digest is not in a copy of the index"
done <"$dir/digests"
index_make
podman manifest inspect $index | cmp - "$dir/index.json" || fail "a second make index made another index"

# podman alone
expect 1 "No Ethernet ports" podman run --rm --network none --cap-drop all $index

# cvio takes the best of this CPU, by glibc's account of what that is, and of others
here=$(/lib64/ld-linux-x86-64.so.2 --help | sed -n 's/^ *\(x86-64-v[234]\) (supported.*/\1/p' | sed -n 1p)
run=(run --dry-run --port "vhost-user:$sockets/p0.sock,server" --memory small)
expect 0 "# $index: the image for $here" "$cvio" "${run[@]}" $index
expect 0 "this is for $here" "$cvio" inspect $index
expect 0 "# $index: the image for x86-64-v3" "$qemu_x86_64" -cpu Haswell "$cvio" "${run[@]}" $index
expect 0 "# $index: the image for x86-64-v2" "$qemu_x86_64" -cpu Nehalem "$cvio" "${run[@]}" $index
expect 0 "# $index: the image for aarch64" "$qemu_aarch64" "$build-aarch64/launcher/cvio" "${run[@]}" $index
id=$(podman image inspect --format '{{.Id}}' "localhost/cvio/l2fwd:$here")
[ "$("$cvio" "${run[@]}" $index | tail -n 1)" = "	$id" ] || fail "cvio doesn't run l2fwd:$here"

# none fits, which podman calls an unknown image
image_own "$other"
buildah manifest create "$other" >/dev/null
buildah manifest add --os linux --arch arm64 --variant v8 "$other" containers-storage:localhost/cvio/l2fwd:aarch64 >/dev/null
expect 65 "image: $other: this index has images for aarch64, and this CPU is $here" "$cvio" "${run[@]}" "$other"

# the line in place of SIGILL, of every image that there is
# shellcheck source=/dev/null
. "$build/images/facts"
for name in $IMAGES; do
	expect 65 "cvio: cpu: this image needs x86-64-v3, and here is no FMA, MOVBE, AVX, F16C, BMI1, AVX2, BMI2, LZCNT;" \
		"$qemu_x86_64" -cpu Nehalem "$(binary x86-64-v3 "$name")"
done
for name in l2fwd probe; do
	expect 65 "take the image for x86-64-v3 (" "$qemu_x86_64" -cpu Haswell "$(binary x86-64-v4 "$name")"
	expect 65 "there is no image for this CPU" "$qemu_x86_64" -cpu core2duo "$(binary x86-64-v2 "$name")"
done
for cpu in x86-64-v2:Nehalem x86-64-v3:Haswell; do
	expect 1 "No Ethernet ports" env CVIO_MEMORY=small CVIO_LOG=error \
		"$qemu_x86_64" -cpu "${cpu#*:}" "$(binary "${cpu%:*}" l2fwd)" -- -p 1
done

# aarch64 passes frames: both sides emulated, on ordinary pages
export CVIO_MEMORY=small,32M
OUT=$dir/probe.json launch probe env CVIO_PORTS="vhost-backend:$sockets/p1.sock" CVIO_LCORES=0@0 \
	"$qemu_aarch64" "$(binary aarch64 probe)" -- --seconds 0 --count 1000 --rate 2000 --json
launch l2fwd env CVIO_PORTS="vhost-user:$sockets/p1.sock" CVIO_LCORES=0@1 CVIO_LOG=debug \
	timeout 100 "$qemu_aarch64" "$(binary aarch64 l2fwd)" -- -p 1 -T 0
wait $probe || fail "aarch64's probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent == 1000 and .received == 1000 and .damaged == 0)] | length == 6' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
grep -q 'cvio: boot: ports' "$dir/l2fwd.log" || fail "aarch64's l2fwd has no ledger"
# timeout passes it on
kill $l2fwd
wait $l2fwd || true
