#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The SDK for other CPUs than this build's: `make sdk-image CPU=…`, and one `cvio build --cpu` that makes images of a program
# for three, in one index. Each binary is for its CPU and starts there. (x86-64-v4's SDK is made as v2's; it isn't made here.)
PAGES_WANTED=0 # ordinary pages do
. "$(dirname "$0")/../lib.sh"

emulators || fail "QEMU's user mode expected; run toolchain/install-packages.sh tests"
prepared sdk_levels "$@"
test_begin "$@"
image=localhost/cvio-sdk-levels-test
cpus="x86-64-v2 x86-64-v3 aarch64"
export XDG_DATA_HOME=$dir/data

image_own $image
for cpu in any $cpus; do
	image_own $image:"$cpu"
done

mkdir -m 755 "$dir/hello"
awk '/^`images\/hello\/hello.c`:$/ {found = 1; next} /^```/ {if (writing) exit; writing = found; next} writing' \
	"$top/docs/images.md" >"$dir/hello/hello.c"
cat >"$dir/hello/Containerfile" <<'END'
FROM localhost/cvio/sdk AS build
COPY hello.c .
RUN cvio-cc -o /hello hello.c

FROM localhost/cvio/base
COPY --from=build /hello /hello
ENTRYPOINT ["/hello", "--"]
END
"$cvio" build -t $image --cpu "${cpus// /,}" "$dir/hello" >"$dir/build.log" 2>&1 || fail "cvio build ends with $?"
platforms=$(podman manifest inspect $image | jq -r '.manifests[].platform | "\(.architecture)/\(.variant)"' | xargs)
[ "$platforms" = "amd64/null amd64/v2 amd64/v3 arm64/v8" ] || fail "the index is of $platforms"

binary() { # CPU: to $dir/CPU
	local container
	container=$(buildah from --pull-never "$image:$1" 2>"$dir/from.log")
	cp "$(buildah mount "$container")/hello" "$dir/$1"
	buildah rm "$container" >/dev/null
}
for cpu in $cpus; do
	binary "$cpu"
	[ "$(podman image inspect --format '{{index .Labels "io.cvio.cpu"}}' "$image:$cpu")" = "$cpu" ] ||
		fail "$image:$cpu is for another CPU, by its label"
done
# at the first line of their boot they tell of a wrong variable, on a CPU that has no more than their level
starts() { # EMULATOR… BINARY
	expect 64 'CVIO_LOG: "loud"' env CVIO_LOG=loud "$@"
}
starts "$qemu_x86_64" -cpu Nehalem "$dir/x86-64-v2"
starts "$qemu_x86_64" -cpu Haswell "$dir/x86-64-v3"
starts "$qemu_aarch64" "$dir/aarch64"
expect 65 "this image needs x86-64-v3" "$qemu_x86_64" -cpu Nehalem "$dir/x86-64-v3"

# whole: EAL starts and finds no port
for emulator in "$qemu_x86_64 -cpu Nehalem $dir/x86-64-v2" "$qemu_aarch64 $dir/aarch64"; do
	status=0
	# shellcheck disable=SC2086
	CVIO_MEMORY=small,32M CVIO_LOG=debug timeout 60 $emulator >"$dir/start.log" 2>&1 || status=$?
	grep -q 'cvio: boot: EAL' "$dir/start.log" || fail "$emulator: status $status: $(cat "$dir/start.log")"
done
