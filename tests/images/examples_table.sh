#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds every example of DPDK by its own Makefile with an SDK, starts it on virtio-user ports whose other side is Debian's
# testpmd, and prints the table of docs/examples.md: examples_table.sh SDK_PREFIX EXAMPLES_DIR. Takes some minutes.
#
# "starts" is a program that brought all its ports up and went on for ten seconds, or that has none and went on or ended
# with status 0. Else the last line that says why stands there.
set -euo pipefail
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd)
prefix=$(cd "$1" && pwd)
dir=$(mktemp -d -p /tmp)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT
cp -r "$2" "$dir/examples"
export PATH=$prefix/bin:/usr/bin:$PATH PKG_CONFIG_PATH=$prefix/lib/pkgconfig

backend() {
	mkfifo "$dir/in"
	exec 9<>"$dir/in"
	stdbuf -oL dpdk-testpmd --lcores 0@1,1@0 --no-pci --no-huge -m 256 --no-shconf --file-prefix "table$$" \
		--vdev "eth_vhost0,iface=$dir/a.sock" --vdev "eth_vhost1,iface=$dir/b.sock" -- -i --total-num-mbufs=4096 \
		<&9 >"$dir/testpmd.log" 2>&1 &
	until [ -S "$dir/b.sock" ]; do sleep 0.1; done
}

reason() { # LOG: the first line that has a cause in it
	{ grep -m 1 -E 'Cause: |PANIC|cannot find|fatal error:|rror:|\*\*\* |not supported|requires' "$1" || tail -n 1 "$1"; } |
		sed -e 's/.*Cause: *//; s/.*fatal error: //; s/.*ld: //; s/^Makefile:[0-9]*: \*\*\* //' \
			-e 's/|/ /g; s/ *$//; s/[[:cntrl:]]//g; s/\[2J\[1;1H//' | cut -c 1-120
}

row() { # FOLDER PORTS MEMORY ARGUMENT…
	local folder=$1 ports=$2 memory=$3 list='' lcores=0@1 driver='' log=$dir/log status=0 program
	shift 3
	case ${1:-} in
	lcores=*)
		lcores=$(seq -s , -f %g@1 0 $((${1#lcores=} - 1)))
		shift
		;;
	esac
	case ${1:-} in
	driver=*)
		driver=${1#driver=}
		shift
		;;
	esac
	if ! make -C "$dir/examples/$folder" static CC=cvio-cc PKGCONF="pkg-config ${driver:+cvio-$driver}" >"$log" 2>&1; then
		echo "| $folder | no: $(reason "$log") | |"
		return
	fi
	program=$(find "$dir/examples/$folder/build" -maxdepth 1 -type f -name '*-static' | sed -n 1p)
	[ -n "$program" ] || program=$(find "$dir/examples/$folder" -maxdepth 2 -type f -name "$(basename "$folder")" | sed -n 1p)
	[ "$ports" -lt 1 ] || list="vhost-user:$dir/a.sock"
	[ "$ports" -lt 2 ] || list="$list vhost-user:$dir/b.sock"
	CVIO_LOG=info CVIO_MEMORY=small,$memory CVIO_PORTS=$list CVIO_LCORES=$lcores \
		timeout --kill-after 1 10 "$program" ${driver:+"--vdev=net_${driver}0"} -- "${@/SOCKET/$dir/own.sock}" >"$log" 2>&1 </dev/null || status=$?
	if { [ $status = 0 ] || [ $status = 124 ] || [ $status = 137 ]; } && grep -q 'cvio: ready' "$log"; then
		echo "| $folder | yes${driver:+, with \`cvio-$driver\`} | yes |"
	else
		echo "| $folder | yes${driver:+, with \`cvio-$driver\`} | no: $(reason "$log") |"
	fi
}

backend
echo '| example | builds | starts |'
echo '| --- | --- | --- |'
while read -r folder rest; do
	case $folder in '' | '#'*) continue ;; esac
	# shellcheck disable=SC2086
	row "$folder" $rest </dev/null
done <"$top/tests/images/examples.list"
