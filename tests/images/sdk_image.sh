#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The SDK image: nothing in it is from a registry; made again in an empty storage under another umask it has the same digest;
# pkg-config knows every driver; a meson.build and a Makefile of DPDK build as they are; another root can be given, and one
# that can't serve is named with what is missing.
. "$(dirname "$0")/../lib.sh"

BESIDE=yes
apart "$@"
test_begin "$@"
# shellcheck source=/dev/null
. "$build/images/facts"
sdk=localhost/cvio/sdk:$CPU
mine=localhost/cvio-sdk-image-test
work=
clean_up() {
	[ -z "$work" ] || buildah rm "$work"
	# what a private storage has mounted would keep its folder
	[ ! -f "$dir/storage.conf" ] || CONTAINERS_STORAGE_CONF=$dir/storage.conf podman rmi --all --force
	umount "$dir/graph/overlay"
}
at_end clean_up
image_own $mine:root $mine:broken $mine:sdk $mine:hello
podman image exists "$sdk" || fail "$sdk is missing; run: make sdk-image"

id() {
	podman image inspect --format '{{.Id}}' "$1"
}

in_sdk() { # COMMAND…
	buildah run --isolation chroot --volume "$dir:$dir" "$work" -- "$@"
}

# Its layers: the root's one, which is from scratch, and the prefix.
layers=$(podman image inspect "$sdk" | jq '.[0].RootFS.Layers | length')
root_layers=$(podman image inspect localhost/cvio/sdk-root | jq -c '.[0].RootFS.Layers')
[ "$layers" = 2 ] || fail "$sdk has $layers layers"
[ "$(podman image inspect "$sdk" | jq -c '.[0].RootFS.Layers[:1]')" = "$root_layers" ] ||
	fail "$sdk isn't based on localhost/cvio/sdk-root as it is now; run: make sdk-image"
[ "$CPU" != x86-64-v3 ] || [ "$(id localhost/cvio/sdk)" = "$(id "$sdk")" ] || fail "localhost/cvio/sdk isn't $sdk"
work=$(buildah from --pull-never "$sdk")
mnt=$(buildah mount "$work")
for path in etc/apt/sources.list var/lib/apt/lists/*_* var/log/* var/cache/ldconfig etc/machine-id; do
	[ -z "$(compgen -G "$mnt/$path")" ] || fail "/$path is in $sdk"
done
[ ! -s "$mnt/etc/hostname" ] && [ ! -s "$mnt/etc/resolv.conf" ] || fail "the machine's name or resolver is in $sdk"

# pkg-config, without a variable of the user's
found=$(in_sdk sh -c 'echo $PKG_CONFIG_PATH; command -v cvio-cc')
[ "$found" = "/opt/cvio/$CPU/lib/pkgconfig
/opt/cvio/$CPU/bin/cvio-cc" ] || fail "PKG_CONFIG_PATH and PATH lead elsewhere: $found"
drivers=$(cd "$mnt/opt/cvio/$CPU/lib/pkgconfig" && ls cvio-*.pc)
for name in cvio libdpdk $drivers; do
	in_sdk pkg-config --static --libs --cflags "${name%.pc}" >"$dir/pkg-config.log" 2>&1 ||
		fail "pkg-config --static ${name%.pc}: $(cat "$dir/pkg-config.log")"
done
say "pkg-config answers for cvio, libdpdk," $drivers
[ "$(in_sdk pkg-config --modversion libdpdk)" = "$DPDK" ] || fail "libdpdk isn't DPDK $DPDK"

# Meson's and make's own defaults, with DPDK's sources as they are
examples=$(echo "$top"/subprojects/dpdk*-"$DPDK"/examples)
cp -r "$examples/skeleton" "$dir/"
mkdir "$dir/meson"
cp "$examples/skeleton/basicfwd.c" "$dir/meson/"
cat >"$dir/meson/meson.build" <<'EOF'
project('basicfwd', 'c')
executable('basicfwd', 'basicfwd.c', dependencies: dependency('libdpdk'))
EOF
in_sdk make -C "$dir/skeleton" >"$dir/make.log" 2>&1 || fail "make can't build skeleton"
in_sdk sh -c "cd $dir/meson && meson setup build && ninja -C build" >"$dir/meson.log" 2>&1 || fail "meson can't build skeleton"
for program in "$dir/skeleton/build/basicfwd" "$dir/meson/build/basicfwd"; do
	! readelf --wide --program-headers "$program" | grep INTERP >/dev/null || fail "$program isn't static"
	[ "$CPU" = aarch64 ] || expect 64 'CVIO_LOG: "loud"' env CVIO_LOG=loud "$program"
done

# Another root, and two that can't serve
on_base() { # BASE
	buildah bud --format oci --layers=false --pull-never --isolation chroot --file "$top/images/sdk/Containerfile" \
		--tag $mine:sdk --build-arg "BASE=$1" --build-arg "CPU=$CPU" --build-arg "DPDK=$DPDK" \
		--build-arg "VERSION=$VERSION" "$build/sdk-image"
}
refused() { # BASE TEXT
	! on_base "$1" >"$dir/base.log" 2>&1 || fail "BASE=$1 is taken"
	grep -qF -- "$2" "$dir/base.log" || fail "\"$2\" is not said of BASE=$1"
	podman rmi --force "$1" >/dev/null # or the next one would leave it without a name
}
if [ "$CPU" != aarch64 ]; then
	buildah tag localhost/cvio/sdk-root $mine:root
	on_base $mine:root >"$dir/base.log" 2>&1 || fail "BASE=$mine:root isn't taken"
	broken() { # COMMAND: a root that it was run in
		local container
		container=$(buildah from localhost/cvio/sdk-root)
		buildah run --isolation chroot "$container" -- sh -c "$1"
		buildah commit --quiet --rm "$container" $mine:broken >/dev/null
	}
	broken 'rm /usr/bin/musl-gcc'
	refused $mine:broken "musl-gcc is missing; install musl-tools and gcc"
	broken 'printf "#!/bin/sh\necho 11\n" >/usr/bin/musl-gcc'
	refused $mine:broken "gcc 11: the libraries are for gcc"
	broken 'rm /usr/bin/make'
	refused $mine:broken "BASE=$mine:broken: make is missing"
fi

# The user's six lines
mkdir "$dir/hello"
awk '/^`hello.c`:$/ {found = 1; next} /^```/ {if (writing) exit; writing = found; next} writing' \
	"$top/docs/tutorial.md" >"$dir/hello/hello.c"
began=$(date +%s%N)
buildah bud --layers=false --build-context "localhost/cvio/sdk=container-image://$sdk" --tag $mine:hello \
	--file "$top/Containerfile" "$dir/hello" >"$dir/hello.log" 2>&1 || fail "buildah bud failed"
say "buildah bud of hello: $((($(date +%s%N) - began) / 1000000)) ms"
[ "$(podman image inspect --format '{{index .Labels "io.cvio.contract"}}' $mine:hello)" = 1 ] || fail "hello has no labels"

# Made again where nothing is there yet
cat >"$dir/storage.conf" <<EOF
[storage]
driver = "overlay"
graphroot = "$dir/graph"
runroot = "$dir/run"
EOF
(
	umask 077
	CONTAINERS_STORAGE_CONF=$dir/storage.conf "$top/images/sdk/image.sh" "$build"
) 2>"$dir/image.log" || fail "the SDK image can't be made in an empty storage"
again=$(CONTAINERS_STORAGE_CONF=$dir/storage.conf podman image inspect --format '{{.Id}}' "$sdk")
[ "$again" = "$(id "$sdk")" ] || fail "$sdk was $(id "$sdk"), made again it is $again;" \
	"if the distribution has published newer packages since apt-get update, make the first one again"
