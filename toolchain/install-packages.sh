#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs what toolchain/packages.list names and is missing, and what one more list has: that of a CPU of another
# architecture, or of the tests. Quick when nothing is missing; needs root only when something is. No service is started.
#
# A|B|C in a list is a package whose name differs from release to release: the first that is installed will do, or else
# the first that apt can install is.
# install-packages.sh [CPU | tests]
set -eu
top=$(cd "$(dirname "$0")" && pwd)
wanted=$(sed 's/#.*//' "$top/packages.list")
case ${1:-} in
aarch64 | tests) wanted="$wanted $(sed 's/#.*//' "$top/packages-$1.list")" ;;
esac
installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | tr '\n' ' ')"

missing() { # of what is wanted: prints A|B|C where none of them is installed
	for p in $wanted; do
		(
			IFS='|'
			for name in $p; do
				case $installed in *" $name "*) exit 0 ;; esac
			done
			exit 1
		) || echo "$p"
	done
}

available() { # a name that only other packages provide has no candidate
	LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^ *Candidate: [^(]'
}

chosen() { # of A|B|C: apt says of the first that it is unknown where all are
	for p in $missing; do
		(
			IFS='|'
			for name in $p; do
				! available "$name" || break
				name=${p%%|*}
			done
			printf '%s ' "$name"
		)
	done
}

missing=$(missing)
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
	echo "toolchain: packages are missing; as root: apt-get install --no-install-recommends $(chosen)" >&2
	exit 1
fi
log=$(mktemp)
policy=/usr/sbin/policy-rc.d # Debian's way to ask whether an installed service may start
[ -e $policy ] && policy=
trap 'rm -f "$log" $policy' EXIT
trap 'exit 130' INT TERM
[ -z "$policy" ] || { echo '#!/bin/sh'; echo 'exit 101'; } >$policy
[ -z "$policy" ] || chmod 755 $policy
export DEBIAN_FRONTEND=noninteractive
failed() {
	cat "$log" >&2
	echo "toolchain: $1 failed; see the lines above" >&2
	exit 1
}
# a minimal system's apt knows no name before its first update
apt-get update >"$log" 2>&1 || failed "apt-get update"
names=$(chosen)
echo "toolchain: installing $names" >&2
# shellcheck disable=SC2086
apt-get install -y --no-install-recommends $names >"$log" 2>&1 || failed "apt-get install"
