#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs what toolchain/packages.list names and is missing, and for a CPU of another architecture its own list. Quick when
# nothing is; needs root only when something is. install-packages.sh [CPU]
set -eu
top=$(cd "$(dirname "$0")" && pwd)
wanted=$(sed 's/#.*//' "$top/packages.list")
case ${1:-} in
aarch64) wanted="$wanted $(sed 's/#.*//' "$top/packages-aarch64.list")" ;;
esac
# shellcheck disable=SC2086
missing=$(for p in $wanted; do
	dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || echo "$p"
done)
[ -n "$missing" ] || exit 0
missing=$(echo "$missing" | tr '\n' ' ')
if [ "$(id -u)" != 0 ]; then
	echo "toolchain: packages are missing; as root: apt-get install --no-install-recommends $missing" >&2
	exit 1
fi
echo "toolchain: installing $missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
	cat "$log" >&2
	echo "toolchain: apt-get install failed; see the lines above" >&2
	exit 1
fi
