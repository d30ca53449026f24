#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Lays out what musl lacks for DPDK: a folder of links to the kernel's own headers and to sys/queue.h, and the machine
# file that tells Meson where it is. Idempotent; writes nothing outside toolchain/sysroot.
set -eu
top=$(cd "$(dirname "$0")" && pwd)
sysroot=$top/sysroot
multiarch=/usr/include/x86_64-linux-gnu

mkdir -p "$sysroot/include/sys"
link() {
	[ -e "$1" ] || {
		echo "toolchain/setup.sh: $1 is missing; run toolchain/install-packages.sh as root" >&2
		exit 1
	}
	ln -sfn "$1" "$sysroot/include/$2"
}
link /usr/include/linux linux
link /usr/include/asm-generic asm-generic
link $multiarch/asm asm
link $multiarch/sys/queue.h sys/queue.h
printf "[constants]\nkernel_headers = '%s'\nmusl_fixes = '%s'\n" "$sysroot/include" "$top/musl" >"$sysroot/paths.ini"
