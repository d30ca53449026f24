#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# cvio generate quadlet: podman's own generator, of a newer podman than the system's, makes a service of the unit; its command has
# all that cvio run has, and as a service it is up when its ports are.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../fetch.sh"

test_begin "$@"
generator=$fetch_cache/quadlet-5.4.2
fetch_package "${generator##*/}" 5e605b8d917c954e353538858dab6baf77f90ac326e2216b7a261d49551600f2 \
	trixie podman '5.4.2+ds1-2+b2' usr/libexec/podman/quadlet
install -m 755 "$generator" "$dir/quadlet"
# systemd would expand parts of these
folder=$sockets'/50%n$HOME'
install -d -o $uid "$folder"
options=(--name "${prefix}fwd" --cpus 1 --memory "memfd,32M" --port "vhost-user:$folder/p0.sock" --podman-args '--cpu-shares 512'
	localhost/cvio/l2fwd -- -p 1 -T 0)

services() { # FOLDER: of its units, made by the generator, into FOLDER.services
	mkdir "$1.services"
	QUADLET_UNIT_DIRS=$1 "$dir/quadlet" -dryrun >"$dir/generator.out" 2>"$dir/generator.log" ||
		fail "the generator refuses the units: $(cat "$dir/generator.log")"
	awk -v folder="$1.services/" '/^---.*---$/ { out = folder substr($0, 4, length($0) - 6); next } { print >out }' \
		"$dir/generator.out"
}

one_container() {
	say "a service of one container"
	mkdir "$dir/units"
	"$cvio" generate quadlet -o "$dir/units/${prefix}fwd.container" "${options[@]}"
	services "$dir/units"
	"$cvio" run --dry-run "${options[@]}" >"$dir/dry-run"
	service=$dir/units.services/${prefix}fwd.service
	"$top/tests/launcher/quadlet.py" "$service" ExecStart "$dir" "$dir/dry-run" >"$dir/start"
	"$top/tests/launcher/quadlet.py" "$service" ExecStop "$dir" >"$dir/stop"
	grep -qx 'Type=notify' "$service" && grep -qx 'Restart=on-failure' "$service" &&
		grep -qxF "RequiresMountsFor=${folder//%/%%}" "$service" || fail "$(cat "$service")"
}

# What systemd would get: a line for each message
listen() {
	exec python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
while True:
    print(s.recv(4096).decode(), flush=True)' "$1"
}

# With the system's podman: --cgroups=split is systemd's own matter, which isn't at work here
started() {
	say "its command is run"
	local words
	launch notified listen "$dir/notify.sock"
	makes notified "$dir/notify.sock"
	mapfile -d '' -t words <"$dir/start"
	for i in "${!words[@]}"; do
		[ "${words[i]}" != --cgroups=split ] || unset "words[$i]"
	done
	NOTIFY_SOCKET=$dir/notify.sock "${words[@]}" >"$dir/start.log" 2>&1 || fail "${words[*]}: $(cat "$dir/start.log")"
	! grep -qx READY=1 "$dir/notified.log" || fail "READY=1 before there is a backend"
	"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$folder/p0.sock" localhost/cvio/probe -- \
		--seconds 0 --count 5000 --sizes 64 --json >"$dir/probe.json" 2>"$dir/probe.log" ||
		fail "the probe ended with $?: $(cat "$dir/probe.json")"
	prints notified READY=1
	mapfile -d '' -t words <"$dir/stop"
	"${words[@]}" >"$dir/stop.log" 2>&1 || fail "${words[*]}: $(cat "$dir/stop.log")"
	killed notified
}

chain() {
	say "services of a chain"
	cat >"$dir/chain.yaml" <<-END
		name: ${prefix}c
		containers:
		  fwd: {image: localhost/cvio/l2fwd, memory: "small,16M", args: [-p, "1"]}
		  sw: {image: localhost/cvio/switch, memory: "small,16M"}
		links:
		  - {from: fwd, to: sw}
	END
	"$cvio" generate quadlet -f "$dir/chain.yaml" -o "$dir/chain"
	services "$dir/chain"
	for name in fwd sw; do
		grep -qE "^ExecStartPre=/usr/bin/install -d -m 755 -o $uid -g $uid /run/cvio/chain-${prefix}c/" \
			"$dir/chain.services/${prefix}c-$name.service" || fail "$name: $(cat "$dir/chain.services"/*)"
	done
}

one_container
started
chain
expect 64 'memory mount: needs a hugetlbfs' "$cvio" generate quadlet --memory mount --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
