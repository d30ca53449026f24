#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# README's commands on the releases of Debian that the project names, each in a root of its own: hosts.sh [SUITE…].
# CVIO_HOSTS=DIR keeps the roots and the logs; HOSTS_FRESH=1 makes the roots again; HOSTS_STEPS are fewer steps than below. It ends
# with a table, and with 0 only if nothing failed; what a root inside a root can't do is said, and is no failure.
. "$(dirname "$0")/lib.sh"

PAGES=/sys/kernel/mm/hugepages/hugepages-2048kB
pages_before=
failed=0
steps=${HOSTS_STEPS:-versions build unit lint fuzz forward containers sdk}
[ $# -gt 0 ] || set -- bookworm trixie sid

# The demo's hugepages are the host's. They are reserved here, so that they are given back whatever ends in a root.
pages_reserve() {
	local missing=$((128 - $(cat $PAGES/free_hugepages)))
	[ "$missing" -gt 0 ] || return 0
	pages_before=$(cat $PAGES/nr_hugepages)
	echo $((pages_before + missing)) >$PAGES/nr_hugepages
}

pages_end() { # STATUS
	[ -z "$pages_before" ] || echo "$pages_before" >$PAGES/nr_hugepages
	host_end "$1"
}

one() { # SUITE
	local log=$hosts/$1/log
	host_root "$1" || { echo "release|failed|$1 can't be unpacked" >"$work/$1"; return 1; }
	say "hosts: $1 (log: $log)"
	host_tree "$work/src"
	local status=0
	# shellcheck disable=SC2086
	host_run "$1" alone tests/hosts/guest.sh ${steps% sdk} >"$log" 2>&1 || status=1
	# the SDK's root comes out of the archive
	[ $status = 1 ] || [ "${steps% sdk}" = "$steps" ] || host_run "$1" net tests/hosts/guest.sh sdk >>"$log" 2>&1 || status=1
	cp "$work/upper/result" "$work/$1"
	rm -rf --one-file-system "$work"/{upper,overlay,root,storage,src}
	return $status
}

cell() { # SUITE NAME: a word for the table; of a state that isn't ok, the text is for below it
	sed -n "s/^$2|//p" "$work/$1" | sed 's/^ok|//; s/|.*//' | sed -n 1p
}

table() { # SUITE…
	local suite column runtime row
	printf '\n%-9s' suite
	printf '%-9s' release gcc podman build unit lint fuzz forward images sdk
	echo "containers"
	for suite in "$@"; do
		row=$(printf '%-9s' "$suite")
		for column in release gcc podman build unit lint fuzz forward images sdk; do
			row+=$(printf '%-9s' "$(cell "$suite" $column)")
		done
		for runtime in crun runc; do
			row+=$(sed -n "s/^\($runtime [^|]*\)|\([^|]*\)|.*/\1 \2; /p" "$work/$suite")
		done
		echo "${row%; }"
	done
	echo
	for suite in "$@"; do
		awk -F '|' -v suite="$suite" '$2 != "ok" {print suite ": " $1 " " $2 ": " $3}' "$work/$suite"
	done
}

host_begin
trap 'pages_end $?' EXIT
case $steps in *containers*) pages_reserve ;; esac
"$top/toolchain/fetch-sources.sh" dpdk-22.11 jansson libmd libpcap libseccomp libyaml
for suite in "$@"; do
	one "$suite" || failed=1
done
table "$@"
[ $failed = 0 ] || say "hosts: something failed; see the lines above and the logs"
exit $failed
