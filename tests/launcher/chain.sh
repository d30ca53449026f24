#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Chains: docs/chains.md is true; up changes only what differs; a failed, an interrupted and a killed up; a link outside, one by
# a server; 32 containers on one switch. Nothing is left.
PAGES_WANTED=0 # ordinary pages do
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
chain=${prefix}c
run=/run/cvio/chain-$chain
page=$top/docs/chains.md
[ -z "$(podman ps --all --quiet --filter label=io.cvio.chain=demo)" ] || fail "a chain demo is there; the page makes its own"
end() {
	# shellcheck disable=SC2046
	kill $(jobs -p) 2>/dev/null
	wait
	"$cvio" down demo 2>/dev/null
	"$cvio" down "$chain" 2>/dev/null
}
at_end end
cd "$dir" || exit

up() { # [OPTIONS]: its lines are in up.log
	timeout 120 "$cvio" up "$@" >up.out 2>up.log || fail "up: $(cat up.log)"
}

id() { # CONTAINER
	podman inspect --format '{{.Id}}' "$chain-$1"
}

there() { # the chain's containers
	podman ps --all --filter "label=io.cvio.chain=$chain" --format '{{.Names}}' | sed "s/^$chain-//" | sort | xargs
}

all_gone() {
	[ -z "$(there)" ] || fail "$1: left: $(there)"
	[ ! -e "$run" ] || fail "$1: $run is left: $(find "$run")"
}

# A cell of the switch's counters: cell PORT COLUMN
cell() {
	podman logs "$chain-sw" 2>&1 | awk '/^ *port / {table = ""} {table = table $0 "\n"} END {printf "%s", table}' |
		awk -v port="$1" -v column="$2" '
		$1 == "port" { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == port { print $at[column] }'
}

tables_more() { [ "$(podman logs "$chain-sw" 2>&1 | grep -c '^ *all ')" -gt "$1" ]; }

counters() {
	local before
	before=$(podman logs "$chain-sw" 2>&1 | grep -c '^ *all ' || true)
	podman kill --signal USR1 "$chain-sw" >/dev/null
	wait_for 20 tables_more "$before"
}

both_ways() { # PORT…: each sent and got frames
	local port
	counters
	for port in "$@"; do
		[ "$(cell "$port" rx_frames)" -gt 0 ] && [ "$(cell "$port" tx_frames)" -gt 0 ] || return 1
	done
}

the_page() {
	say "docs/chains.md"
	mkdir page steps
	awk -v steps="$dir/steps/" '
		/^`[^\/`]*`:$/ {split($0, part, "`"); named = "page/" part[2]; next}
		/^```/ && out != "" {close(out); out = ""; next}
		/^```sh$/ {out = sprintf("%s%02d", steps, ++count); next}
		/^```/ && named != "" {out = named; named = ""; next}
		out != "" {print >out}' "$page"
	[ -s page/cvio.yaml ] && [ -s steps/01 ] && [ -s steps/02 ] || fail "the page has no file or no steps"
	for step in 01 02; do
		# shellcheck source=/dev/null
		(cd page && PATH=$build/launcher:$PATH && . "../steps/$step") >"steps/$step.log" 2>&1 ||
			fail "$(cat "steps/$step" "steps/$step.log")"
	done
	grep -qE '^demo-sw +demo +localhost/cvio/switch:latest +running +0 ' steps/01.log || fail "ps: $(cat steps/01.log)"
	[ "$(grep -c '^cvio: up: .*: ready in' steps/01.log)" = 3 ] || fail "not three: $(cat steps/01.log)"
	[ "$(grep -c '^cvio: up: .*: ready in' steps/02.log)" = 1 ] || fail "not one: $(cat steps/02.log)"
	grep -q '2 of 3 containers left' steps/02.log || fail "not two: $(cat steps/02.log)"
	[ ! -e /run/cvio/chain-demo ] || fail "/run/cvio/chain-demo is left"
}

three() { # RATE [MORE LINES]
	cat >cvio.yaml <<-END
		name: $chain
		containers:
		  sw:   {image: localhost/cvio/switch, cpus: "0", memory: "small,16M"}
		  echo: {image: localhost/cvio/probe, cpus: "1", memory: "small,16M", args: [--echo]}
		  send: {image: localhost/cvio/probe, cpus: "1", memory: "small,16M", args: "--sizes 64 --rate $1 --count 1000000"}
		${2:-}
		links:
		  - {from: echo, to: sw}
		  - {from: send, to: sw}
	END
}

differences() {
	local sw echo send
	say "up changes what differs"
	three 100
	up
	wait_for 20 both_ways 0 1
	[ "$(stat -c '%u %a' "$run")" = "0 700" ] || fail "$run is open: $(ls -nd "$run")"
	for folder in "$run"/*; do
		[ "$(stat -c '%u %g %a' "$folder")" = "$uid $uid 755" ] || fail "a link's folder isn't its image's: $(ls -nd "$folder")"
	done
	sw=$(id sw) echo=$(id echo) send=$(id send)
	up
	grep -q '3 of 3 containers left' up.log || fail "again: $(cat up.log)"
	[ "$sw $echo $send" = "$(id sw) $(id echo) $(id send)" ] || fail "again: containers are others"
	up --dry-run
	[ "$(grep -c '^# keep' up.out)" = 3 ] || fail "--dry-run: $(cat up.out)"
	three 200
	up
	[ "$sw $echo" = "$(id sw) $(id echo)" ] && [ "$send" != "$(id send)" ] || fail "changed: $(cat up.log)"
	say "a container that has gone comes back; one that the file doesn't name goes"
	podman rm --force --time 1 "$chain-send" >/dev/null
	podman kill --signal KILL "$chain-sw" >/dev/null
	three 200 "  more: {image: localhost/cvio/probe, cpus: \"1\", memory: \"small,16M\", args: [--echo]}"
	echo "  - {from: more, socket: $sockets/more.sock, options: wait=0}" >>cvio.yaml
	expect 69 "cvio.yaml:6:3: more: port 0: $sockets/more.sock: no such socket" "$cvio" up
	[ "$(there)" = echo ] || fail "a failed up leaves what it had started: $(there): $(cat up.log)"
	three 200
	up
	[ "$echo" = "$(id echo)" ] || fail "the echo was restarted with its switch"
	wait_for 20 both_ways 0 1
	sed -i '/ echo/d' cvio.yaml
	up
	[ "$(there)" = "send sw" ] || fail "vanished: $(there)"
	rm cvio.yaml
	expect 66 "cvio.yaml: No such file" "$cvio" down
	timeout 60 "$cvio" down "$chain" 2>up.log || fail "down: $(cat up.log)"
	all_gone down
}

links() {
	say "a link by a server, a socket outside"
	cat >cvio.yaml <<-END
		name: $chain
		containers:
		  send: {image: localhost/cvio/probe, cpus: "1", memory: "small,16M", args: "--sizes 64 --rate 100 --count 1000000"}
		  echo: {image: localhost/cvio/probe, cpus: "1", memory: "small,16M", args: [--echo]}
		  sw:   {image: localhost/cvio/switch, cpus: "0", memory: "small,16M"}
		links:
		  - {from: send, to: sw, options: "server,queues=2"}
		  - {from: echo, socket: $sockets/out.sock}
		  - {to: sw, socket: $sockets/out.sock}
	END
	# the file doesn't say that these two belong together, so the client waits for the socket
	up
	wait_for 20 both_ways 0 1
	timeout 60 "$cvio" down 2>down.log || fail "down: $(cat down.log)"
	[ "$(sed -n 's/.*down: \(.*\): stopped/\1/p' down.log | sed -n 1p)" = send ] || fail "order: $(cat down.log)"
	all_gone links
}

no_process() { ! pgrep -f -- "--name=$chain-"; }

failures() {
	local signal
	say "a failed up, an interrupted one, a killed one"
	three 100 "  bad: {image: localhost/cvio/probe, cpus: \"1\", args: [--frob]}"
	echo "  - {from: bad, to: sw}" >>cvio.yaml
	expect 64 "cvio.yaml:6:3: bad: " "$cvio" up
	all_gone failed
	# nobody will ever listen there
	three 100 "  late: {image: localhost/cvio/probe, cpus: \"1\", memory: \"small,16M\"}"
	echo "  - {from: late, socket: $sockets/never.sock, options: wait=600}" >>cvio.yaml
	for signal in INT TERM KILL; do
		launch up "$cvio" up
		until_seen up 30 "the container late" podman container exists "$chain-late"
		expect 69 "is at work on this chain" "$cvio" down
		kill -s $signal $up
		ended up $((128 + $(kill -l $signal)))
		[ $signal = KILL ] || all_gone "SIG$signal"
	done
	# its children end with it, each taking what it has started away
	wait_for 20 no_process
	timeout 60 "$cvio" down 2>up.log || fail "down: $(cat up.log)"
	all_gone SIGKILL
}

wrong_files() {
	say "wrong files"
	expect 66 "no.yaml: No such file" "$cvio" up -f no.yaml
	three 100
	sed -i 's/cpus: "0"/cpu: "0"/' cvio.yaml
	expect 64 "cvio.yaml:3:40: sw: cpu: no such key; there are image, cpus, memory, args, podman-args" "$cvio" up
	three 100
	echo "  - {from: sw, to: send}" >>cvio.yaml
	expect 64 "links: from sw to send to sw: each would start after the next" "$cvio" up
	three 100
	sed -i 's|cvio/switch|cvio/no-such|' cvio.yaml
	expect 66 "cvio.yaml:3:3: sw: image: localhost/cvio/no-such: not in the storage" "$cvio" up
	all_gone wrong
}

# The sender is done soon and starts again with each up, until the switch has flooded its frames to all.
many() {
	local i tries=0 begin=$SECONDS
	say "32 containers on one switch"
	{
		printf 'name: %s\ncontainers:\n' "$chain"
		printf '  sw: {image: localhost/cvio/switch, memory: "small,16M", args: [--ageing, "1"]}\n'
		for ((i = 0; i < 31; i++)); do
			printf '  e%d: {image: localhost/cvio/probe, memory: "small,8M", args: [--echo]}\n' "$i"
		done
		printf '  send: {image: localhost/cvio/probe, memory: "small,8M", args: "--sizes 64 --rate 5 --count 5 --seconds 0 --wait 2"}\n'
		printf 'links:\n'
		printf '  - {from: e%d, to: sw}\n' $(seq 0 30)
		printf '  - {from: send, to: sw}\n'
	} >cvio.yaml
	timeout 200 "$cvio" up 2>many.log || fail "32 containers: $(cat many.log)"
	[ "$(grep -c ': ready in' many.log)" = 33 ] || fail "not all ready: $(cat many.log)"
	say "up in $((SECONDS - begin)) s"
	until both_ways $(seq 0 31); do
		tries=$((tries + 1))
		[ $tries -le 10 ] || fail "not all got and sent frames: $(podman logs "$chain-sw" 2>&1 | tail -n 34)"
		timeout 30 podman wait "$chain-send" >/dev/null || fail "send: its end expected within 30 s"
		sleep 2
		up
		grep -q '32 of 33 containers left' up.log || fail "more than the sender: $(cat up.log)"
	done
	begin=$SECONDS
	timeout 120 "$cvio" down 2>many.log || fail "down: $(cat many.log)"
	say "down in $((SECONDS - begin)) s"
	[ "$(grep -c ': stopped' many.log)" = 33 ] || fail "not all stopped: $(cat many.log)"
	all_gone many
}

the_page
differences
links
failures
wrong_files
many
[ "$("$cvio" ps --json | jq "[.[] | select(.name | startswith(\"$prefix\"))] | length")" = 0 ] || fail "ps: $("$cvio" ps)"
