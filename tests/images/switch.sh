#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The switch: containers exchange the probe's frames through it, in all sizes; 8 ports; what is known doesn't leak; ports that
# go and come back; a switch that does; ageing; wrong use. The probe's ports are frontends here: one container sends, another
# reflects, or one has several ports and sends from each to its neighbour.
PAGES_WANTED=400
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/cvio/switch
probe=localhost/cvio/probe
switch=${prefix}switch
QUICK=(--count 200 --rate 4000 --seconds 0 --wait 20)

# switch_start CPUS PORTS [OPTIONS…]: PORTS is `N` for backend sockets p0.sock to pN-1.sock, or ports as they are
switch_start() {
	local cpus=$1 count=$2 args=() port i
	shift 2
	if [[ $count =~ ^[0-9]+$ ]]; then
		for ((i = 0; i < count; i++)); do
			args+=(--port "vhost-backend:$sockets/p$i.sock")
		done
	else
		for port in $count; do
			args+=(--port "$port")
		done
	fi
	launch launcher "$cvio" run --name "$switch" --cpus "$cpus" "${args[@]}" $image -- "$@"
	prints_times launcher $((${#args[@]} / 2)) 'backend, ' 30
}

# ends with status 0 and one more table
switch_stop() {
	local before
	before=$(tables)
	podman stop --time 10 "$switch" >/dev/null
	ended launcher 0
	[ "$(tables)" -gt "$before" ] || fail "no counters at the end: $(cat "$dir/launcher.log")"
}

tables() { grep -c '^ *all ' "$dir/launcher.log" || true; }

# A new table, into $dir/table
table() {
	local before
	before=$(tables)
	podman kill --signal USR1 "$switch" >/dev/null
	prints_times launcher $((before + 1)) '^ *all '
	awk '/^ *port / {table = ""} {table = table $0 "\n"} END {printf "%s", table}' "$dir/launcher.log" >"$dir/table"
}

# A cell of the last table: cell PORT COLUMN
cell() {
	awk -v port="$1" -v column="$2" '
		$1 == "port" { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == port { print $at[column] }' "$dir/table"
}

state_is() { # PORT STATE
	table
	[ "$(cell "$1" state)" = "$2" ]
}

# exchange OPTIONS… -- PORT…: the probe has these ports as frontends; nothing may get lost
exchange() {
	local options=() ports=() port
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	for port in "$@"; do
		ports+=(--port "$port")
	done
	"$cvio" run --name "${prefix}sender" --cpus 1 --memory memfd,64M "${ports[@]}" $probe -- "${options[@]}" \
		>"$dir/sender.log" 2>&1 || fail "${options[*]} on $*: $(cat "$dir/sender.log")"
}

frontend() { echo "vhost-user:$sockets/p$1.sock"; }

reflector_start() { # PORT
	launch reflector "$cvio" run --name "${prefix}reflector" --cpus 1 --memory memfd,32M --port "$1" $probe -- --echo --wait 60
	prints reflector ' queue pairs, MAC' 30
}

reflector_end() { # SIGNAL
	podman kill --signal "$1" "${prefix}reflector" >/dev/null
	wait $reflector || true
}

two_containers() {
	local sizes=64,65,128,256,512,1024,1518,1522,2048,4000,9018
	say "two containers, all sizes"
	switch_start 0 3 --stats 1
	reflector_start "$(frontend 0)"
	exchange "${QUICK[@]}" --sizes $sizes --inflight 16 -- "$(frontend 1)"
	table
	[ "$(cell 0 dropped)" = 0 ] || fail "frames were dropped: $(cat "$dir/table")"
	[ "$(cell 0 tx_frames)" -ge 2200 ] && [ "$(cell 1 tx_frames)" -ge 2200 ] || fail "few frames: $(cat "$dir/table")"
	[ "$(cell 0 addresses)" -ge 1 ] || fail "nothing was learned: $(cat "$dir/table")"
	[ "$(cell 2 tx_frames)" = 0 ] && [ "$(cell 2 state)" = down ] || fail "port 2 has nobody: $(cat "$dir/table")"

	say "a port that goes and comes back"
	for signal in TERM KILL TERM; do
		reflector_end $signal
		wait_for 10 state_is 0 down
		[ "$(cell 0 addresses)" = 0 ] || fail "SIG$signal: addresses stay: $(cat "$dir/table")"
		# nobody is there: what is sent goes nowhere, and not back either
		expect 1 "lost" "$cvio" run --cpus 1 --memory memfd,32M --port "$(frontend 1)" $probe -- "${QUICK[@]}" \
			--sizes 64 --count 50 --wait 1
		table
		[ "$(cell 1 filtered)" -ge 50 ] || fail "SIG$signal: not filtered: $(cat "$dir/table")"
		reflector_start "$(frontend 0)"
		exchange "${QUICK[@]}" --sizes 64,1518 -- "$(frontend 1)"
	done
	[ "$(tables)" -ge 5 ] || fail "--stats 1 printed nothing: $(cat "$dir/launcher.log")"
	reflector_end TERM
	switch_stop
}

# All pairs of 8 ports: 7 rounds of 4 pairs, as in a tournament, each both ways.
tournament_round() { # ROUND: the ports, pair by pair
	local i
	echo 7 "$1"
	for i in 1 2 3; do
		echo $((($1 + i) % 7)) $((($1 + 7 - i) % 7))
	done
}

all_pairs() {
	local round port ports
	for round in 0 1 2 3 4 5 6; do
		ports=()
		for port in $(tournament_round $round); do
			ports+=("$(frontend "$port")")
		done
		exchange "${QUICK[@]}" --sizes 64,1518 --inflight 16 -- "${ports[@]}"
	done
}

eight_ports() { # CPUS OPTIONS…
	say "8 ports, all pairs, CPUs $1"
	switch_start "$1" 8 "${@:2}"
	all_pairs
	table
	for port in 0 1 2 3 4 5 6 7; do
		[ "$(cell $port tx_frames)" -ge 100 ] || fail "port $port: few frames: $(cat "$dir/table")"
	done
	# each round's ports have new addresses, and none turns up behind another port
	[ "$(cell all learned)" = 56 ] && [ "$(cell all moved)" = 0 ] || fail "not 56 addresses: $(cat "$dir/table")"
	switch_stop
}

# Six ports are up and send a frame a second; two others exchange thousands, which the six don't see.
no_leaks() {
	local idle=() port begin seen
	say "what is known doesn't leak, what is unknown is flooded"
	switch_start 0 8
	for port in 2 3 4 5 6 7; do
		idle+=(--port "$(frontend $port)")
	done
	launch idle_ports "$cvio" run --name "${prefix}idle" --cpus 1 --memory memfd,64M "${idle[@]}" $probe -- --rate 1 --count 1000 \
		--seconds 0 --sizes 64
	prints_times idle_ports 1 '^ *bytes' 30
	table
	begin=$(cell 2 tx_frames)
	exchange "${QUICK[@]}" --sizes 64 --count 4000 -- "$(frontend 0)" "$(frontend 1)"
	table
	seen=$(($(cell 2 tx_frames) - begin))
	[ $(($(cell 0 tx_frames) + $(cell 1 tx_frames))) -ge 4000 ] || fail "few frames: $(cat "$dir/table")"
	[ $(($(cell 0 flooded) + $(cell 1 flooded))) -ge 1 ] || fail "no first frame was flooded: $(cat "$dir/table")"
	[ "$seen" -ge 1 ] || fail "port 2 got no flooded frame: $(cat "$dir/table")"
	[ "$seen" -le 200 ] || fail "port 2 got $seen frames that weren't for it: $(cat "$dir/table")"
	podman kill --signal TERM "${prefix}idle" >/dev/null
	wait_for 10 state_is 2 down
	switch_stop
}

restarts() {
	local signal client="vhost-backend:$sockets/s0.sock,client vhost-backend:$sockets/s1.sock,client"
	say "the switch itself goes and comes back"
	reflector_listen
	for signal in TERM KILL TERM; do
		switch_start 0 "$client"
		exchange "${QUICK[@]}" --sizes 64,1518 -- "vhost-user:$sockets/s1.sock,server"
		podman kill --signal $signal "$switch" >/dev/null
		wait "$launcher" || true
		kill -0 $reflector || fail "the reflector has ended: $(cat "$dir/reflector.log")"
	done
	reflector_end TERM
}

reflector_listen() {
	launch reflector "$cvio" run --name "${prefix}reflector" --cpus 1 --memory memfd,32M \
		--port "vhost-user:$sockets/s0.sock,server" $probe -- --echo --wait 60
	makes reflector "$sockets/s0.sock" 30
}

address_gone() {
	state_is 0 up && [ "$(cell 0 addresses)" = 0 ]
}

ageing() {
	say "ageing"
	switch_start 0 2 --ageing 3
	reflector_start "$(frontend 0)"
	exchange "${QUICK[@]}" --sizes 64 -- "$(frontend 1)"
	table
	[ "$(cell 0 addresses)" -ge 1 ] || fail "nothing was learned: $(cat "$dir/table")"
	wait_for 8 address_gone
	exchange "${QUICK[@]}" --sizes 64 -- "$(frontend 1)"
	reflector_end TERM
	switch_stop
}

# As many ports as there can be, with the label's memory
all_ports() {
	local ports=() port
	say "32 ports"
	switch_start 0 32
	for ((port = 0; port < 32; port++)); do
		ports+=("--port" "$(frontend "$port")")
	done
	"$cvio" run --name "${prefix}sender" --cpus 1 --memory memfd,128M "${ports[@]}" $probe -- --count 3200 --rate 3200 \
		--seconds 0 --sizes 64,1518 --inflight 8 >"$dir/sender.log" 2>&1 || fail "32 ports: $(cat "$dir/sender.log")"
	switch_stop
}

wrong_use() {
	say "wrong use"
	expect 64 "--frob: no such option" "$cvio" run --cpus 0 --port "vhost-backend:$sockets/x.sock" $image -- --frob
	expect 64 "--ageing: '0' is not a number from 1 to 86400" \
		"$cvio" run --cpus 0 --port "vhost-backend:$sockets/x.sock" $image -- --ageing 0
	expect 64 "--lcores 2: there are 1" "$cvio" run --cpus 0 --port "vhost-backend:$sockets/x.sock" $image -- --lcores 2
	switch_start 0 1
	expect 64 "write vhost-backend:PATH" "$cvio" run --cpus 1 --port "$(frontend 0)" $image
	switch_stop
}

two_containers
eight_ports 0
eight_ports 0,1 --lcores 2
no_leaks
restarts
ageing
all_ports
wrong_use
