#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What `cvio run` adds to the podman command that it issues: both in turn, from the command to its end, with a container that ends
# at once. The command is the one that --dry-run prints; the launcher's hook, folder and mount are part of what it costs.
. "$(dirname "$0")/lib.sh"

test_begin "$@"
RUNS=${LAUNCH_RUNS:-25}
WANTED=30 # ms
run=("$cvio" run --name "${prefix}probe" --memory "small,8M" --port "vhost-backend:$sockets/p0.sock")
what=(localhost/cvio/probe -- --help)
"${run[@]}" --dry-run "${what[@]}" >"$dir/podman.sh"

timed() { # FILE COMMAND…: in ms, with three decimals
	local began=${EPOCHREALTIME/./} file=$1
	shift
	"$@" >"$dir/out.log" 2>&1 || fail "$*: $(cat "$dir/out.log")"
	echo $((${EPOCHREALTIME/./} - began)) | awk '{print $1 / 1000}' >>"$file"
}

for i in $(seq "$RUNS"); do
	progress "launch: run $i of $RUNS"
	timed "$dir/cvio.ms" "${run[@]}" "${what[@]}"
	timed "$dir/podman.ms" . "$dir/podman.sh"
	timed "$dir/dry.ms" "${run[@]}" --dry-run "${what[@]}"
done
progress ""
paste "$dir/cvio.ms" "$dir/podman.ms" | awk '{print $1 - $2}' >"$dir/more.ms"

printf '%-38s %22s\n' "start and end, ms ($RUNS runs in turn)" median
for who in cvio podman more dry; do
	case $who in
	cvio) text="cvio run" ;;
	podman) text="the podman run that it issues" ;;
	more) text="difference of each pair" ;;
	dry) text="cvio run --dry-run: its checks" ;;
	esac
	printf '  %-36s %9.1f (%s)\n' "$text" "$(median <"$dir/$who.ms")" "$(range <"$dir/$who.ms")"
done
printf '  wanted: a difference of %d at most\n' $WANTED
