#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What takes compilers minutes and tests only look at, made once: prepare.sh BUILD_DIR [PART…]; without a part, all of them.
#   openvswitch   Open vSwitch, linked with the SDK, in BUILD_DIR/tests/openvswitch
#   levels        the index of l2fwd and probe for all CPUs
#   sdk_levels    the SDK images of three CPUs
# The images are in a container storage of the tests' own, BUILD_DIR/tests/storage.conf, so that the user's storage has none of
# them. Quick when all is there. One at a time works on a build: who comes second waits, and finds it done. tests/check.sh
# begins with it in the background, for the time that other tests leave to it, until one of them waits for it.
set -euo pipefail

if [ -z "${PREPARE_APART:-}" ]; then
	# what a storage mounts goes with this mount namespace
	exec env PREPARE_APART=1 unshare --mount --propagation private bash "$0" "$@"
fi
top=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- openvswitch levels sdk_levels
# shellcheck source=/dev/null
. "$build/images/facts"
own=$build/tests
mkdir -p "$own"
exec 8>"$own/prepare.lock"
# Who waits lends the one at work its own priority: on a busy machine that would come to nothing.
until flock --timeout 1 8; do
	for process in $(pgrep --session "$(cat "$own/prepare.session" 2>/dev/null || echo $$)"); do
		chrt --other --pid 0 "$process" 2>/dev/null || true
	done
done
ps -o sid= -p $$ | tr -d ' ' >"$own/prepare.session"

die() {
	echo "tests/prepare.sh: $*" >&2
	exit 1
}

# made PART COMMAND…: its lines are shown if it fails
made() {
	local part=$1
	shift
	"$@" >"$own/$part.log" 2>&1 || { tail -n 40 "$own/$part.log" >&2; die "$part: failed; its lines above are of $own/$part.log"; }
}

storage() {
	cat >"$own/storage.conf" <<-END
		[storage]
		driver = "overlay"
		graphroot = "$own/storage"
		runroot = "$own/storage-run"
	END
}

in_storage() { # COMMAND…
	CONTAINERS_STORAGE_CONF=$own/storage.conf "$@"
}

levels() {
	storage
	made levels in_storage make -C "$top" BUILD="$build" IMAGES='l2fwd probe' index
}

# The root, most of a minute's work, as it is already.
root_brought() {
	local name=localhost/cvio/sdk-root:latest
	podman image exists $name || return 0
	in_storage podman image exists $name && [ "$(podman image inspect --format '{{.Id}}' $name)" = \
		"$(in_storage podman image inspect --format '{{.Id}}' $name)" ] && return 0
	podman save --quiet --format oci-dir --output "$own/root" $name
	in_storage skopeo copy --quiet "oci:$own/root" "containers-storage:$name"
	rm -rf "$own/root"
}

sdks() {
	local cpu
	in_storage "$top/images/sdk/image.sh" "$build"
	for cpu in x86-64-v2 aarch64; do
		in_storage make -C "$top" BUILD="$build-$cpu" CPU=$cpu DPDK="${DPDK%.*}" IMAGES='l2fwd probe' images sdk-image
	done
}

sdk_levels() {
	levels
	made sdk_levels root_brought
	made sdk_levels sdks
}

# The distribution's, with its patches, as its package openvswitch-source has it; with configure made
openvswitch() {
	local version=3.1.0-2+deb12u1 hash=82dde6737921b63b284ad8399f95c7f1de94e1b96b2036dcf4a78c9f969ab03f
	local archive=$top/subprojects/packagecache/openvswitch-$version.tar.gz sdk=$build/sdk-image/prefix key
	dir=$own/openvswitch
	made openvswitch "$top/images/sdk/stage.sh" "$build" "$sdk"
	key=$({ cat "$sdk.key"; echo "$hash"; declare -f openvswitch_make; } | sha256sum)
	[ "$(cat "$dir/key" 2>/dev/null)" != "$key" ] || return 0
	rm -rf "$dir"
	mkdir -p "$dir/out"
	[ -f "$archive" ] || made openvswitch openvswitch_fetch
	echo "$hash  $archive" | sha256sum --check --status || die "$archive has another hash than $hash; remove it"
	tar --extract --file "$archive" --directory "$dir"
	export PATH=$sdk/bin:$PATH PKG_CONFIG_PATH=$sdk/lib/pkgconfig
	(cd "$dir/out" && made openvswitch openvswitch_make)
	echo "$key" >"$dir/key"
}

openvswitch_fetch() {
	(cd "$dir" && apt-get -o APT::Sandbox::User=root download openvswitch-source="$version") ||
		die "the package openvswitch-source $version can't be had; put its openvswitch.tar.gz at $archive"
	dpkg-deb --fsys-tarfile "$dir"/openvswitch-source_*.deb |
		tar --extract --to-stdout ./usr/src/openvswitch/openvswitch.tar.gz >"$archive"
}

# Optimised less than it would be by default: that is half of the time, and nothing is measured.
openvswitch_make() {
	"$dir/openvswitch/configure" CC=cvio-cc CFLAGS=-O1 --with-dpdk=static --disable-ssl --disable-libcapng || return
	# shellcheck disable=SC2016
	echo 'built: $(BUILT_SOURCES)' | make -f Makefile -f - built || return
	make -j2 vswitchd/ovs-vswitchd ovsdb/ovsdb-server
}

for part; do
	case $part in
	openvswitch | levels | sdk_levels) "$part" ;;
	*) die "$part: openvswitch, levels or sdk_levels is wanted" ;;
	esac
done
