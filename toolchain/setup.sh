#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Lays out what musl lacks for DPDK: a folder of links to the kernel's own headers and to sys/queue.h, and the machine file
# that tells Meson where it is and which CPU is built for. Idempotent; writes nothing outside toolchain/sysroot.
# setup.sh CPU
set -eu
top=$(cd "$(dirname "$0")" && pwd)
cpu=$1
sysroot=$top/sysroot
case $cpu in
x86-64-v[234])
	headers=$sysroot/include
	kernel=/usr/include
	multiarch=/usr/include/x86_64-linux-gnu
	cc=musl-gcc
	;;
aarch64)
	headers=$sysroot/include-aarch64
	kernel=/usr/aarch64-linux-gnu/include
	multiarch=$kernel
	cc=$sysroot/aarch64/bin/musl-gcc
	;;
*)
	echo "toolchain: CPU=$cpu: is none of x86-64-v2, x86-64-v3, x86-64-v4 and aarch64" >&2
	exit 1
	;;
esac

mkdir -p "$headers/sys"
link() {
	[ -e "$1" ] || {
		echo "toolchain/setup.sh: $1 is missing; run toolchain/install-packages.sh as root" >&2
		exit 1
	}
	ln -sfn "$1" "$headers/$2"
}
link $kernel/linux linux
link $kernel/asm-generic asm-generic
link $multiarch/asm asm
link $multiarch/sys/queue.h sys/queue.h
# Meson runs itself again whenever the file is newer than the build
new=$sysroot/$cpu.ini.$$
cat >"$new" <<END
[constants]
cpu_level = '$cpu'
kernel_headers = '$headers'
musl_fixes = '$top/musl'
musl_cc = '$cc'
END
if cmp --quiet "$new" "$sysroot/$cpu.ini"; then rm "$new"; else mv "$new" "$sysroot/$cpu.ini"; fi
