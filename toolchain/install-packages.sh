#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs what toolchain/packages.list names and is missing, and what one more list has: that of a CPU of another
# architecture, or of the tests. Quick when nothing is missing; needs root only when something is. No service is started.
# install-packages.sh [CPU | tests]
set -eu
top=$(cd "$(dirname "$0")" && pwd)
wanted=$(sed 's/#.*//' "$top/packages.list")
case ${1:-} in
aarch64 | tests) wanted="$wanted $(sed 's/#.*//' "$top/packages-$1.list")" ;;
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
policy=/usr/sbin/policy-rc.d # Debian's way to ask whether an installed service may start
[ -e $policy ] && policy=
trap 'rm -f "$log" $policy' EXIT
trap 'exit 130' INT TERM
[ -z "$policy" ] || { echo '#!/bin/sh'; echo 'exit 101'; } >$policy
[ -z "$policy" ] || chmod 755 $policy
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
	cat "$log" >&2
	echo "toolchain: apt-get install failed; see the lines above" >&2
	exit 1
fi
