#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The gateway between vhost-user ports, where the last stands for the kernel's: all sizes both ways, jumbo frames, several queues,
# two fast ports, what no rule names, wrong use. tests/kernel/gateway.sh has the kernel itself and a NIC.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/cvio/gateway
gateway=${prefix}gateway
QUICK=(--count 300 --rate 4000 --seconds 0 --wait 20)

# A container with PORTS vhost-user ports, one after the other on p0.sock…: gateway_start PORTS PORT-OPTIONS [OPTION…]
gateway_start() {
	local ports=() i
	for ((i = 0; i < $1; i++)); do
		ports+=(--port "vhost-user:$sockets/p$i.sock$2")
	done
	shift 2
	launch launcher "$cvio" run --name "$gateway" --cpus 0 --memory memfd,64M "${ports[@]}" $image -- "$@"
}

# Ends with status 0; its last table is $dir/table
gateway_stop() {
	podman stop --time 10 "$gateway" >/dev/null
	ended launcher 0
	tac "$dir/launcher.log" | sed '/^ *from/q' | tac >"$dir/table"
}

holds() { # FROM TO COLUMN AT-LEAST
	local value
	value=$(awk -v from="$1" -v to="$2" -v column="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == from && $2 == to { print $at[column] }' "$dir/table")
	[ "${value:--1}" -ge "$4" ] || fail "$1 to $2: $3 is not $4: $(cat "$dir/table")"
}

# The probe is the other side of PORTS ports, and sends from each to its neighbour
probe() { # PORTS PORT-OPTIONS OPTION…
	local ports=() i
	for ((i = 0; i < $1; i++)); do
		ports+=(--port "vhost-backend:$sockets/p$i.sock$2")
	done
	shift 2
	"$cvio" run --name "${prefix}probe" --cpus 1 --memory memfd,64M "${ports[@]}" localhost/cvio/probe -- "${QUICK[@]}" "$@" \
		>"$dir/probe.log" 2>&1
}

say "all sizes, both ways"
gateway_start 2 ""
probe 2 "" --sizes 64,65,128,512,1024,1518 || fail "$(cat "$dir/probe.log")"
podman kill --signal USR1 "$gateway" >/dev/null
prints_times launcher 1 '^ *kernel  *0 '
gateway_stop
holds 0 kernel frames 900
holds kernel 0 frames 900
[ "$(grep -c '^ *from' "$dir/launcher.log")" = 2 ] || fail "not a table at SIGUSR1 and one at the end: $(cat "$dir/launcher.log")"

say "jumbo frames, two queues"
gateway_start 2 ",queues=2,mtu=9000" --mtu 9000
probe 2 ",queues=2" --sizes 64,1518,4000,9018 --inflight 16 || fail "$(cat "$dir/probe.log")"
gateway_stop
grep -q '2 of 2 queue pairs' "$dir/launcher.log" || fail "$(cat "$dir/launcher.log")"

say "no offloads"
gateway_start 2 "" --no-offloads
probe 2 "" --sizes 64,1518 || fail "$(cat "$dir/probe.log")"
gateway_stop

say "two fast ports, and a rule that fits none of the frames"
# the third port's other side waits beside: a container of its own
launch third "$cvio" run --name "${prefix}third" --cpus 1 --memory memfd,32M --port "vhost-backend:$sockets/p2.sock" \
	localhost/cvio/probe -- --echo --wait 60
gateway_start 3 "" --kernel arp,ip:10.0.0.1,tcp:22
probe 2 "" --sizes 64,1518 || fail "$(cat "$dir/probe.log")"
gateway_stop
podman stop --time 2 "${prefix}third" >/dev/null
holds 0 1 frames 300
holds 1 0 frames 300
holds 0 kernel frames 0

say "what no rule names is dropped without a second fast port"
gateway_start 2 "" --kernel arp
if probe 2 "" --sizes 64; then fail "frames pass: $(cat "$dir/probe.log")"; fi
gateway_stop
holds 0 - dropped 150
holds kernel 0 frames 150

say "wrong use"
expect 64 "--kernel bgp: no such rule; all, arp, icmp" "$cvio" run --port "vhost-user:$sockets/p0.sock" \
	--port "vhost-user:$sockets/p1.sock" $image -- --kernel bgp
expect 64 "1 given: $image takes 2 to 3" "$cvio" run --port "vhost-user:$sockets/p0.sock" $image
wait
