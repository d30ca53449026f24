#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Stages the SDK of a build, for programs outside of this tree: images/sdk/stage.sh BUILD_DIR PREFIX.
#
# Meson's own installation would take all of DPDK, and can't copy thin archives. This takes the headers and libraries of
# what programs may link and nothing else. Nothing in the prefix depends on where it is: it can be moved and copied.
set -eu
export LC_ALL=C PATH="/usr/bin:$PATH"
top=$(cd "$(dirname "$0")/../.." && pwd)
prefix=$2

die() {
	echo "images/sdk/stage.sh: $*" >&2
	exit 1
}
[ -f "$1/images/facts" ] || die "$1: no build is there; run: make"
build=$(cd "$1" && pwd)
plan=$build/meson-info/intro-install_plan.json
command -v jq >/dev/null || die "jq is missing; run toolchain/install-packages.sh as root"
# shellcheck source=/dev/null
. "$build/images/facts"

# The drivers that every program gets are linked whole: they register themselves by constructors. net_vhost is
# cvio-vhost.pc's.
drivers='bus_vdev mempool_ring net_virtio'
# Beyond what our own images call (dpdk_libs): what DPDK's examples for forwarding do.
more_libs='acl eventdev fib ip_frag lpm reorder rib'
libs="$(sed -n "/^dpdk_libs = \[/,/^\]/s/^  '\(.*\)',\$/\1/p" "$top/toolchain/meson.build") $more_libs"
case $libs in
eal*|*[!a-z]eal*) ;;
*) die "no dpdk_libs in toolchain/meson.build" ;;
esac

# Prints, a line each, what a jq program makes of the install plan; it sees the libraries' names in $libs.
planned() {
	jq --raw-output --arg libs "$libs" '($libs | [splits("\\s+")]) as $libs | '"$1" "$plan"
}

# paths of archives in the build folder; every driver that is built is one that programs may link
archives=$(planned '.targets | keys[] | capture("/(?<path>subprojects/dpdk-[^/]+/(?<kind>lib|drivers)/librte_(?<name>\\w+)\\.a)$")
	| select(.kind == "drivers" or (.name | IN($libs[]))) | .path')
# shellcheck disable=SC2086
ninja -C "$build" --quiet $archives runtime/libcvio.a pmd/libpmd.a pmd/libpmd-grammar.a >&2

# The old one goes only when the new one is whole.
mkdir -p "$(dirname "$prefix")"
prefix=$(cd "$(dirname "$prefix")" && pwd)/$(basename "$prefix")
[ ! -e "$prefix" ] || [ -f "$prefix/bin/cvio-cc" ] || die "$prefix: is there already and isn't an SDK; name another folder"
new=$(mktemp -d "$prefix.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$new"
mkdir -p "$new/bin" "$new/include/sys" "$new/lib/pkgconfig"

# DPDK's public headers; then the kernel's, sys/queue.h and the mended sched.h, as copies: musl has none of them
tab=$(printf '\t')
planned '.headers | to_entries[] | select(.key | capture("/dpdk-[^/]+/(?<kind>lib|drivers|config)/(?<name>[^/]+)")
	| .kind != "lib" or (.name | IN($libs[]))) | "\(.key)\t\(.value.destination | ltrimstr("{includedir}/"))"' |
	while IFS=$tab read -r from to; do
		install -D -m 644 "$from" "$new/include/$to"
	done
install -m 644 "$build"/subprojects/dpdk-*/rte_build_config.h "$new/include/"
cp --recursive --dereference "$top"/toolchain/sysroot/include/* "$new/include/"
install -m 644 "$top/toolchain/musl/sched.h" "$new/include/"

# Meson's archives of our own code are thin: the objects are added to an archive that holds them.
for archive in $archives runtime/libcvio.a pmd/libpmd.a pmd/libpmd-grammar.a; do
	(cd "$build" && ar t "$archive") >"$new/objects"
	if [ "$(head -c 7 "$build/$archive")" = '!<thin>' ]; then
		(cd "$build" && xargs gcc-ar qcsD "$new/lib/$(basename "$archive")") <"$new/objects"
	else
		install -m 644 "$build/$archive" "$new/lib/"
	fi
done
rm "$new/objects"

# As one argument of the linker each, since pkg-config drops what it takes for duplicates.
whole=
for name in $drivers; do
	whole=$whole,-l:librte_$name.a
done
group=
for archive in $archives runtime/libcvio.a pmd/libpmd.a pmd/libpmd-grammar.a; do
	name=$(basename "$archive" .a)
	case " $drivers net_vhost " in
	*" ${name#librte_} "*) ;;
	*) group=$group,-l:$name.a ;;
	esac
done
gcc=$(musl-gcc -dumpversion)
for file in cvio.pc cvio-vhost.pc libdpdk.pc cvio-cc; do
	case $file in
	*.pc) to=$new/lib/pkgconfig/$file ;;
	*) to=$new/bin/$file ;;
	esac
	sed -e "s/@CPU@/$CPU/; s/@DPDK@/$DPDK/; s/@GCC@/$gcc/; s/@VERSION@/$VERSION/" \
		-e "s/@WHOLE@/$whole/; s/@GROUP@/$group/" "$top/images/sdk/$file.in" >"$to"
done
chmod 755 "$new/bin/cvio-cc"
install -m 644 "$top/LICENSE" "$new/"

rm -rf "$prefix"
mv "$new" "$prefix"
