#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Brings a build folder up: packages, sources, headers, Meson. configure.sh BUILD_DIR DPDK_VERSION
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$1
dpdk=$2

"$top/toolchain/install-packages.sh"
"$top/toolchain/fetch-sources.sh" "dpdk-$dpdk" jansson libseccomp
"$top/toolchain/setup.sh"

mkdir -p "$build"
log=$build/configure.log
if [ -f "$build/build.ninja" ]; then
	set -- setup --reconfigure "-Ddpdk=$dpdk" -Dwerror=true "$build" "$top"
else
	set -- setup --cross-file "$top/toolchain/sysroot/paths.ini" \
		--cross-file "$top/toolchain/x86_64-linux-musl.ini" "-Ddpdk=$dpdk" -Dwerror=true "$build" "$top"
fi
echo "toolchain: configuring $build (log: $log)" >&2
if ! meson "$@" >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	exit 1
fi
