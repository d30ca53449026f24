#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/ovs.md is true: its commands, run in turn as they stand, give frames through Open vSwitch, and again after its upgrade.
# Only `apt-get install` isn't run again: the packages are there. The bridge's interface is in a network of the test's own.
PAGES_WANTED=128
. "$(dirname "$0")/lib.sh"

if [ "${2:-}" != inside ]; then
	exec unshare --net "$0" "$1" inside
fi
test_begin "$@"
page=$top/docs/ovs.md
for name in l2fwd probe load; do
	! podman container exists $name || fail "a container named $name is there already; the page makes its own"
done
[ ! -e /run/ovs-demo ] || fail "/run/ovs-demo is there already; the page makes its own"
end() {
	local pid
	podman rm --force --ignore --time 1 l2fwd probe load >/dev/null 2>&1
	for pid in /run/ovs-demo/*.pid; do
		kill -KILL "$(cat "$pid" 2>/dev/null)" 2>/dev/null
	done
	rm -rf /run/ovs-demo
}
at_end end

apt-get() { # of packages that are installed
	local package
	for package in "$@"; do
		case $package in
		install | --*) ;;
		*) dpkg-query --show "$package" >/dev/null || fail "$package isn't installed; toolchain/packages.list lacks it" ;;
		esac
	done
}

awk -v steps="$dir/" '
	/^```sh$/ {out = sprintf("%s%02d.sh", steps, ++count); next}
	/^```/ && out != "" {close(out); out = ""; next}
	out != "" {print >out}' "$page"
[ "$(find "$dir" -name '*.sh' | wc -l)" -ge 10 ] || fail "the page has fewer than 10 steps"

PATH=$build/launcher:$PATH
log=$dir/page.log
set +e
(
	set -e
	for step in "$dir"/*.sh; do
		echo "== $(head -n 1 "$step")"
		# shellcheck source=/dev/null
		. "$step"
	done
) >"$log" 2>&1
status=$?
set -e
[ $status = 0 ] || fail "a command of the page's ended with $status, see the end of page.log"

has() { grep -qE "$1" "$log" || fail "\"$1\" isn't in what the page's commands print"; }
has '^true$' # DPDK is initialised
[ "$(grep -cE '^ +[0-9]+ +2000 +2000 +0 ' "$log")" = 3 ] || fail "not every frame came back"
has '^passed: at the paced rate nothing was lost'
has "port: l2fwd +queue-id: "
has 'rx_packets=[1-9]'
has '^outage of '
has 'l2fwd.sock: the backend has gone'
has 'l2fwd.sock: the backend is back'
[ ! -e /run/ovs-demo ] || fail "the page leaves /run/ovs-demo"
grep '^outage of ' "$log" >&2
