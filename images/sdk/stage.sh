#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Stages the SDK of a build, for programs outside of this tree: images/sdk/stage.sh BUILD_DIR PREFIX.
#
# Quick when nothing has changed: PREFIX.key has what it was made from.
#
# Meson's own installation would take all that DPDK installs, and can't copy thin archives. This takes the headers and
# libraries of what programs may link and nothing else. Nothing in the prefix depends on where it is: it can be moved and
# copied. What of DPDK our own images don't link is compiled now.
set -eu
export LC_ALL=C PATH="/usr/bin:$PATH"
top=$(cd "$(dirname "$0")/../.." && pwd)
sdk=$top/images/sdk
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
cc='musl-gcc'
cross=
if [ "$CPU" = aarch64 ]; then
	cc=$top/toolchain/sysroot/aarch64/bin/musl-gcc
	cross=aarch64-linux-gnu-
fi

# The drivers that every program gets are linked whole: they register themselves by constructors. So is each optional one,
# for which there is a pkg-config file. Of what is in neither list, and of the libraries, the linker takes what is called.
drivers='bus_vdev mempool_ring net_virtio'
optional='af_packet e1000 i40e iavf ice ixgbe memif null pcap pools ring tap vhost virtio_pci vmxnet3'

# Prints, a line each, what a jq program makes of the install plan.
planned() {
	jq --raw-output "$1" "$plan"
}

# Paths of archives in the build folder. Every driver that is built is one that programs may link.
archives=$(planned '.targets | keys[] | capture("/(?<path>subprojects/(dpdk-[^/]+/(lib|drivers)/librte_\\w+|libpcap-[^/]+/libpcap)\\.a)$") | .path')
archives="$archives images/vhost-switch/librte_net_pools.a" # a driver of our own
ours='runtime/libcvio.a pmd/libpmd.a pmd/grammar/libpmd-grammar.a'
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# DPDK's drivers are compiled with warnings that are of no use here, and all of it takes minutes the first time
echo "sdk: compiling what of DPDK isn't there yet" >&2
# shellcheck disable=SC2086
ninja -C "$build" --quiet $archives $ours >"$log" 2>&1 || {
	cat "$log" >&2
	die "DPDK can't be compiled; see the lines above"
}

mkdir -p "$(dirname "$prefix")"
prefix=$(cd "$(dirname "$prefix")" && pwd)/$(basename "$prefix")
# shellcheck disable=SC2086
key=$({
	(cd "$build" && stat -c '%n %s %y' $archives $ours)
	cat "$build/images/facts" "$build/meson-info/intro-install_plan.json" "$sdk"/*.sh "$sdk"/*.in "$top/toolchain/musl/sched.h"
	"$cc" --version
} | sha256sum)
[ ! -f "$prefix/bin/cvio-cc" ] || [ "$(cat "$prefix.key" 2>/dev/null)" != "$key" ] || exit 0

# The old one goes only when the new one is whole.
[ ! -e "$prefix" ] || [ -f "$prefix/bin/cvio-cc" ] || die "$prefix: is there already and isn't an SDK; name another folder"
new=$(mktemp -d "$prefix.XXXXXX")
trap 'rm -rf "$new" "$log"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$new"
mkdir -p "$new/bin" "$new/include/sys" "$new/lib/pkgconfig" "$new/libexec" "$new/share/cvio"

# DPDK's and libpcap's public headers; then the kernel's, sys/queue.h and the mended sched.h, as copies: musl has none of
# them. DPDK's configuration says of an optional driver that it is there to those only who ask pkg-config for it.
tab=$(printf '\t')
planned '.headers | to_entries[] | select(.key | test("/dpdk-[^/]+/(lib|drivers|config)/[^/]+|/libpcap-[^/]+/"))
	| "\(.key)\t\(.value.destination | ltrimstr("{includedir}/"))"' |
	while IFS=$tab read -r from to; do
		install -D -m 644 "$from" "$new/include/$to"
	done
sed "$(for name in $optional; do
	echo "/^#define RTE_NET_$(echo "$name" | tr '[:lower:]' '[:upper:]') 1\$/d;"
done)" "$build"/subprojects/dpdk-*/rte_build_config.h >"$new/include/rte_build_config.h"
headers=include
[ "$CPU" != aarch64 ] || headers=include-aarch64
cp --recursive --dereference "$top/toolchain/sysroot/$headers"/* "$new/include/"
install -m 644 "$top/toolchain/musl/sched.h" "$new/include/"

# musl for another machine than this one, wherever the prefix will be
if [ "$CPU" = aarch64 ]; then
	musl=$top/toolchain/sysroot/aarch64
	mkdir "$new/musl"
	cp -r "$musl/include" "$musl"/lib/*.[ao] "$new/musl/"
	sed -e "s|$musl/lib|@MUSL@|g; s|$musl|@MUSL@|g" "$musl/lib/musl-gcc.specs" >"$new/musl/musl-gcc.specs"
fi

# Meson's archives of our own code are thin: the objects are added to an archive that holds them.
for archive in $archives $ours; do
	(cd "$build" && ar t "$archive") >"$new/objects"
	if [ "$(head -c 7 "$build/$archive")" = '!<thin>' ]; then
		(cd "$build" && xargs "${cross}gcc-ar" qcsD "$new/lib/$(basename "$archive")") <"$new/objects"
	else
		install -m 644 "$build/$archive" "$new/lib/"
	fi
done
rm "$new/objects"

# What every program has, and what takes longest of a link, is compiled here and not at each link: that takes a third of
# the time then, and programs are 3 % larger (docs/sdk.md).
compile() { # ARCHIVE
	objects=$(mktemp -d "$new/compiled.XXXXXX")
	(cd "$objects" && "${cross}gcc-ar" x "$1" && for object in *.o; do
		$cc -r -nostdlib -flinker-output=nolto-rel -fno-pie -Os -ffunction-sections -fdata-sections \
			-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -o "$object.o" "$object" && rm "$object" || exit
	done && rm "$1" && "${cross}gcc-ar" qcsD "$1" -- *.o)
	rm -r "$objects"
}
compile "$new/lib/librte_eal.a" &
compile "$new/lib/librte_net_virtio.a"
wait $! || die "librte_eal.a can't be compiled"

# Of our own code, a program must see only what it and DPDK call: log_enabled is Open vSwitch's as well. What the
# link-time optimiser reads has no symbols that could be made local, so our code is compiled to an end here.
(
	cd "$new/lib"
	copied=$(for archive in $ours; do basename "$archive"; done)
	# shellcheck disable=SC2086
	$cc -r -nostdlib -fno-pie -flto=auto -flinker-output=nolto-rel -ffunction-sections -fdata-sections \
		-Wl,--whole-archive $copied -o cvio.o
	"${cross}nm" --extern-only --defined-only cvio.o | sed -n 's/.* \(\(rte\|cvio\)_.*\)/\1/p' >keep
	"${cross}objcopy" --keep-global-symbols=keep cvio.o
	# shellcheck disable=SC2086
	rm $copied
	"${cross}gcc-ar" qcsD libcvio.a cvio.o
	rm cvio.o keep
)

# It registers the class of Ethernet ports, by which they are found by device arguments, and has no name by which a linker
# would take it from an archive. (Of DPDK's libraries only two of librte_node's nodes are like this.)
(cd "$new/lib" && "${cross}gcc-ar" x librte_ethdev.a ethdev_rte_class_eth.c.o &&
	"${cross}gcc-ar" qcsD librte_ethdev_class.a ethdev_rte_class_eth.c.o && rm ethdev_rte_class_eth.c.o)

# What finish.sh writes into programs
# shellcheck disable=SC2086
(cd "$build" && CROSS=$cross "$sdk/symbols.sh" "$cc" $archives $ours) >"$new/share/cvio/symbols"
"$sdk/components.sh" "$cc" "$VERSION" "$DPDK" "$CPU" >"$new/share/cvio/components.json"
install -m 755 "$sdk/finish.sh" "$new/libexec/cvio-finish"

# For cvio-cc, when a link fails: which part of DPDK has a function or a header that the program wants
"$sdk/missing.sh" "$top"/subprojects/dpdk-*"$DPDK" "$new" "$optional" >"$new/share/cvio/missing"

# What DPDK says of a driver is in a string that nothing refers to: named here, the linker keeps it, for the audit of images.
kept() { # DRIVER
	"${cross}gcc-nm" --defined-only --format=posix "$new/lib/librte_$1.a" 2>/dev/null |
		sed -n 's/^\([a-z0-9_]*_pmd_info\) [A-Z] .*/,-u,\1/p' | tr -d '\n'
}

# As one argument of the linker each, since pkg-config drops what it takes for duplicates.
whole=,-l:librte_ethdev_class.a
keep=
for name in $drivers; do
	whole=$whole,-l:librte_$name.a
	keep=$keep$(kept "$name")
done
group=
for archive in $archives libcvio.a; do
	name=$(basename "$archive" .a)
	case " $drivers $(for driver in $optional; do printf 'net_%s ' "$driver"; done)" in
	*" ${name#librte_} "*) ;;
	*) group=$group,-l:$name.a ;;
	esac
done
isa=,-z,$CPU
[ "$CPU" != aarch64 ] || isa=
gcc=$($cc -dumpversion)
fill() { # FILE OUT [DRIVER]
	name=${3:-}
	sed -e "s/@MARCH@/$MARCH/; s/@CROSS@/$cross/; s/@DPDK@/$DPDK/; s/@GCC@/$gcc/; s/@ISA@/$isa/; s/@VERSION@/$VERSION/" \
		-e "s/@WHOLE@/$whole/; s/@KEEP@/$keep/; s/@GROUP@/$group/; s/@DRIVER@/$name/" \
		-e "s/@DRIVER_UPPER@/$(echo "$name" | tr '[:lower:]' '[:upper:]')/" "$sdk/$1.in" >"$new/$2"
}
for file in cvio libdpdk; do
	fill $file.pc lib/pkgconfig/$file.pc
done
for name in $optional; do
	[ -f "$new/lib/librte_net_$name.a" ] || continue
	keep=$(kept "net_$name")
	package=cvio-$name
	[ "$name" != virtio_pci ] || package=cvio-virtio-pci
	fill cvio-driver.pc "lib/pkgconfig/$package.pc" "$name"
done
fill cvio-cc bin/cvio-cc
chmod 755 "$new/bin/cvio-cc"
install -m 644 "$top/LICENSE" "$new/"

rm -rf "$prefix" "$prefix.key"
mv "$new" "$prefix"
echo "$key" >"$prefix.key"
