#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Builds musl for aarch64 with the distribution's cross compiler into toolchain/sysroot/aarch64, with musl's own wrapper of
# that compiler as bin/musl-gcc; the distribution has musl for its own architecture only. Quick when it is there.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
prefix=$top/toolchain/sysroot/aarch64
cc=aarch64-linux-gnu-gcc
directory=$(sed -n 's/^directory *= *//p' "$top/subprojects/musl.wrap")
file=$(sed -n 's/^source_filename *= *//p' "$top/subprojects/musl.wrap")

# the wrapper holds paths and its compiler's version: anew where the tree was moved or gcc is another
made="$directory for $prefix by $cc $($cc -dumpfullversion)"
[ "$(cat "$prefix/made" 2>/dev/null)" != "$made" ] || exit 0

echo "toolchain: building $directory for aarch64" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar --extract --file "$top/subprojects/packagecache/$file" --directory "$work"
rm -rf "$prefix"
if ! (
	cd "$work/$directory"
	# no path of the build is in what an image links
	./configure --target=aarch64-linux-musl --prefix="$prefix" --syslibdir="$prefix/lib" --disable-shared \
		--enable-wrapper=gcc CC="$cc" CROSS_COMPILE=aarch64-linux-gnu- \
		CFLAGS="-ffile-prefix-map=$work=."
	make -j "$(nproc)"
	make install
) >"$work/log" 2>&1; then
	tail -n 20 "$work/log" >&2
	exit 1
fi
echo "$made" >"$prefix/made"
