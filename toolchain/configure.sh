#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Brings a build folder up: packages, sources, headers, Meson. configure.sh BUILD_DIR DPDK_VERSION CPU
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$1
dpdk=$2
cpu=$3

"$top/toolchain/install-packages.sh" "$cpu"
"$top/toolchain/fetch-sources.sh" "dpdk-$dpdk" jansson libmd libpcap libseccomp libyaml
"$top/toolchain/unpack-sources.sh" "dpdk-$dpdk" jansson libmd libpcap libseccomp libyaml
machine=x86_64
if [ "$cpu" = aarch64 ]; then
	machine=aarch64
	"$top/toolchain/fetch-sources.sh" musl
	"$top/toolchain/build-musl.sh"
fi
"$top/toolchain/setup.sh" "$cpu"

mkdir -p "$build"
log=$build/configure.log
if [ -f "$build/build.ninja" ]; then
	set -- setup --reconfigure "-Ddpdk=$dpdk" -Dwerror=true "$build" "$top"
else
	set -- setup --cross-file "$top/toolchain/sysroot/$cpu.ini" \
		--cross-file "$top/toolchain/$machine-linux-musl.ini" "-Ddpdk=$dpdk" -Dwerror=true "$build" "$top"
fi
echo "toolchain: configuring $build for $cpu (log: $log)" >&2
if ! meson "$@" >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	exit 1
fi
