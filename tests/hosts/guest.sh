#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# README's commands, one after another, in a root of another release: guest.sh STEP…. hosts.sh reads what /result says then:
# "NAME|ok, failed or can't|what is to be said of it". The log is what this prints.
set -euo pipefail
build=build

result() { # NAME STATE TEXT
	echo "$1|$2|${3//|/ }" >>/result
}

# What failed says so in its last line but for make's own and what Meson sums up.
step() { # NAME COMMAND…
	local name=$1 from=$SECONDS state=ok log=/tmp/$1.log
	shift
	echo "== $name: $*"
	"$@" >"$log" 2>&1 || state=failed
	cat "$log"
	if [ $state = ok ]; then
		result "$name" ok "$((SECONDS - from)) s"
	else
		result "$name" failed "$(grep -v '^make' "$log" | tail -n 1)"
	fi
	[ $state = ok ]
}

versions() {
	# shellcheck source=/dev/null
	result release ok "$(. /etc/os-release && echo "${VERSION_ID:-$VERSION_CODENAME}")"
	result gcc ok "$(gcc -dumpfullversion)"
	result podman ok "$(podman --version | sed 's/.* //')"
}

build() { # [IMAGE…]
	make IMAGES="$*" || return
	if grep 'warning:' /tmp/build.log; then
		echo "it was built with warnings"
		return 1
	fi
}

suite() {
	tests/check.sh $build "$1"
}

# Meson builds what these tests want, and no fuzz target as `make check` does
unit() {
	meson test -C $build --print-errorlogs --suite cvio:unit
}

# Two processes without a container: the probe sends, as the backend, and l2fwd sends back, on ordinary pages.
forward() {
	local dir probe l2fwd status=0
	dir=$(mktemp -d)
	export CVIO_MEMORY=small,32M
	CVIO_PORTS=vhost-backend:$dir/p.sock CVIO_LCORES=0@0 \
		timeout 100 $build/images/probe/probe -- --seconds 0 --count 1000 --rate 2000 --json >"$dir/json" &
	probe=$!
	CVIO_PORTS=vhost-user:$dir/p.sock,wait=20 CVIO_LCORES=0@1 $build/images/l2fwd/l2fwd -- -p 1 -T 0 >"$dir/l2fwd.log" 2>&1 &
	l2fwd=$!
	wait $probe || status=$?
	kill $l2fwd
	wait $l2fwd || true
	cat "$dir/l2fwd.log" "$dir/json"
	[ $status = 0 ] || { echo "the probe ended with $status"; return 1; }
	jq -e '[.rows[].paced | select(.sent == 1000 and .received == 1000 and .damaged == 0)] | length == 6' "$dir/json" ||
		{ echo "frames were lost or damaged"; return 1; }
}

# What the engine lacks in a place like this one, as tests/containers.conf says
engine() { # RUNTIME
	sed "s/^runtime = .*/runtime = \"$1\"/" tests/containers.conf >/tmp/containers.conf
	export CONTAINERS_CONF=/tmp/containers.conf PODMAN_IGNORE_CGROUPSV1_WARNING=1
}

trivial() { # a container that ends by itself, with status 1; 125 and above are the engine's
	local status=0
	podman run --rm --network none --cap-drop all localhost/cvio/l2fwd || status=$?
	[ $status -lt 125 ]
}

# Each runtime that can start a container at all runs the demo.
containers() {
	local runtime name status=0
	engine crun
	step images images/build.sh $build || return
	for runtime in crun runc; do
		engine $runtime
		name=$(printf '%s %s' $runtime "$($runtime --version | sed -n '1s/.* v\{0,1\}//p' | sed 's/+.*//')")
		if ! trivial >/tmp/trivial.log 2>&1; then
			cat /tmp/trivial.log
			result "$name" "can't" "$(tail -n 1 /tmp/trivial.log)"
		else
			step "$name" tests/demo.sh $build || status=1
		fi
	done
	return $status
}

status=0
for wanted in "$@"; do
	case $wanted in
	versions) versions ;;
	# nothing goes without
	build) step build build || exit 1 ;;
	some) step build build l2fwd probe || exit 1 ;;
	unit) step unit unit || status=1 ;;
	lint | fuzz) step "$wanted" suite "$wanted" || status=1 ;;
	forward) step forward forward || status=1 ;;
	containers) containers || status=1 ;;
	sdk) engine crun && step sdk images/sdk/image.sh $build || status=1 ;;
	*) echo "guest.sh: $wanted: no such step" >&2 && exit 64 ;;
	esac
done
exit $status
