#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The boot profile: it is in force, the images live with it, and it has not one call more than they need. Each entry of
# the list is taken out in turn and a scenario must break, unless the list says with "stays:" why no test can show it.
# An entry is tried in the scenario that its reason names, then in the cheapest; most break there.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
list=$top/runtime/seccomp/boot.list
full=$build/runtime/seccomp/boot.json
l2fwd=localhost/cvio/l2fwd
probe=localhost/cvio/probe
name=${prefix}app
wanted=${ENTRIES:-} # to look at some entries only

# Our own program in an image like the others: what it is denied, and what any application may rely on.
mkdir "$dir/calls"
cat >"$dir/calls/calls.c" <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CALL(error, name, ...) {error, #name, SYS_##name, {__VA_ARGS__}}

/* Each has another answer than EPERM or ENOSYS from a kernel without a filter, whoever calls. What is forbidden fails
 * with EPERM, and what the list doesn't know with ENOSYS. */
static const struct {
	int error;
	const char *name;
	long number;
	long args[5];
} calls[] = {
	CALL(ENOSYS, clone3, 0, 0), /* before it takes a look at its arguments: EINVAL */
	CALL(ENOSYS, getxattr, 1, 1, 1, 1),
	CALL(ENOSYS, mknod, 1, 0, 0),
	CALL(ENOSYS, splice, -1, 0, -1, 0, 1),
	CALL(EPERM, keyctl, -1),
	CALL(EPERM, mount, 0, 0, 0, 0, 0),
	CALL(EPERM, personality, 0xffffffff),
	CALL(EPERM, process_vm_readv, 0, 0, 0, 0, 1),
	CALL(EPERM, ptrace, -1),
	CALL(EPERM, setns, -1, 0),
	CALL(EPERM, unshare, 0),
};

static void end(int signal)
{
	(void)signal;
	_exit(0);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) { /* sleep */
		signal(SIGTERM, end);
		puts("a line\nthe next line");
		puts("the last line"); /* after the first write, which is when stdio asks about the terminal */
		puts(nanosleep(&(struct timespec){.tv_sec = 60}, NULL) < 0 ? "woken" : "slept");
		return 1;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const long *a = calls[i].args;
		long result = syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4]);

		printf("%s %s\n", calls[i].name, result >= 0 || errno != calls[i].error ? "open" : "refused");
	}
	return 0;
}
C
musl-gcc -static -o "$dir/calls/calls" "$dir/calls/calls.c"
printf 'FROM localhost/cvio/base\nCOPY calls /calls\nENTRYPOINT ["/calls"]\n' >"$dir/calls/Containerfile"
calls=localhost/${prefix}calls
image_own "$calls"
buildah bud --quiet --layers=false --pull-never --tag "$calls" "$dir/calls" >/dev/null 2>&1

label=$(podman image inspect $l2fwd --format '{{index .Labels "io.containers.seccomp.profile"}}')
[ "$label" = "$(cat "$full")" ] || fail "the image's profile isn't the build's; run make images"

# READY=1 arrives here, and is written down with the process that it is of. The containers' user must reach it.
mkdir -m 711 "$dir/notify"
cat >"$dir/notified.py" <<'PYTHON'
import os, socket, struct, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
while True:
    message, credentials, _, _ = receiver.recvmsg(4096, socket.CMSG_SPACE(12))
    print(message.decode(), struct.unpack("3i", credentials[0][2])[0], flush=True)
PYTHON
launch notified python3 "$dir/notified.py" "$dir/notify/ready.sock"
makes notified "$dir/notify/ready.sock"

# for telemetry's socket and, with memory mount, EAL's files, as the launcher mounts it
install -d -o $uid "$dir/telemetry"
runtime_folder=(--mount="type=bind,source=$dir/telemetry,destination=/run/cvio/telemetry"
	--env=RUNTIME_DIRECTORY=/run/cvio/telemetry)

# memory mount: a hugetlbfs as the launcher makes one, which --dry-run only tells of
install -d -o $uid "$dir/huge"
at_end umount "$dir/huge"
mount -t hugetlbfs -o "pagesize=2M,uid=$uid,mode=0700" none "$dir/huge"

# plan NAME ARGS…: what the launcher would run, into the array NAME, with the profile's option last but for the image
plan() {
	local -n plan_args=$1
	local text
	shift
	text=$("$cvio" run --dry-run --name "$name" "$@")
	[[ $text == *--seccomp-policy=image* ]] || fail "the launcher doesn't ask for the image's profile"
	eval "plan_args=($text)"
}

client=$sockets/client.sock
server=$sockets/server.sock
late=$sockets/late.sock
backend=$sockets/backend.sock
plan client_args --memory memfd,32M --port "vhost-user:$client" $l2fwd
plan small_args --memory small,32M --port "vhost-user:$client" $l2fwd
plan mount_args --memory mount,32M --port "vhost-user:$client" $l2fwd
plan late_args --memory small,32M --port "vhost-user:$late,wait=60" $l2fwd
plan server_args --memory small,32M --port "vhost-user:$server,server" $l2fwd
plan server_end_args --memory small,32M --port "vhost-user:$server,server,wait=1" $l2fwd
plan sleep_args $calls -- sleep
plan backend_args --memory small,64M --port "vhost-backend:$backend" $probe -- --echo

# start NAME [OPTIONS…]: the plan NAME under $profile in the background; its process is $pid, podman is $engine
start() {
	local -n start_args=$1
	local args=() arg
	shift
	for arg in "${start_args[@]}"; do
		case $arg in
		--seccomp-policy=image)
			args+=("--security-opt=seccomp=$profile" --pidfile="$dir/pid" --env=NOTIFY_SOCKET=/notify/ready.sock
				--mount="type=bind,source=$dir/notify,destination=/notify" "$@") ;;
		--name=*) args+=("$arg-${EPOCHREALTIME//[!0-9]/}") ;; # the one before may still be on its way out
		--ulimit=nofile=*) args+=(--ulimit=nofile=256:1024) ;;
		*) args+=("$arg") ;;
		esac
	done
	rm -f "$dir/pid"
	launch engine "${args[@]}"
}

# Seconds: with the whole list as many as a busy machine may need. With less it is broken that takes several times what it took
# with the whole list, a quarter of all scenarios' time.
patience=20

has_notified() { pid=$(cat "$dir/pid") && grep -qx "READY=1 $pid" "$dir/notified.log"; }

is_ready() {
	until_seen engine $patience READY=1 has_notified
}

says() { # TEXT
	prints engine "$1" $patience
	pid=$(cat "$dir/pid")
}

# ends STATUS [SIGNAL]
ends() {
	[ $# = 1 ] || kill -"$2" "$pid"
	ended engine "$1" $patience
}

# host_probe PORT: the probe on the host sends frames out of PORT and gets each back
host_probe() {
	CVIO_MEMORY=small CVIO_PORTS=$1 timeout $((patience + 2)) "$build/images/probe/probe" -- \
		--sizes 64 --count 1000 --seconds 0 --wait $patience >"$dir/host-probe.log" 2>&1 || fail "frames expected to cross, none did"
}

# The scenarios, the cheapest first.
run_client() {
	local thread mode
	rm -rf "$dir/telemetry"/*
	start client_args "${runtime_folder[@]}"
	is_ready
	mode=$(stat -c %a "$dir/telemetry/dpdk_telemetry.v2")
	[ "$mode" = 777 ] || fail "the mode of telemetry's socket is $mode"
	# SIGALRM is for the thread that boots: those that EAL made block it
	for thread in "/proc/$pid/task"/*; do
		[ "${thread##*/}" = "$pid" ] || [ $((0x$(sed -n 's/^SigBlk:\t//p' "$thread/status") >> 13 & 1)) = 1 ] ||
			fail "a thread of EAL's doesn't block SIGALRM"
	done
	ends 0 TERM
}

run_small() {
	start small_args
	is_ready
	awk '/^Max open files/ {exit $4 != 1024}' "/proc/$pid/limits" || fail "it stays with few descriptors"
	ends 0 TERM
}

run_mount() {
	rm -rf "$dir/telemetry"/*
	start mount_args "${runtime_folder[@]}" --mount="type=bind,source=$dir/huge,destination=/dev/hugepages"
	is_ready
	find "$dir/huge" -type f | grep . >/dev/null || fail "no file on the mount"
	ends 0 TERM
	find "$dir/huge" -type f -delete
}

# A line is seen at once on a terminal, and a sleep lasts although the process is stopped for a while.
run_terminal() {
	start sleep_args --tty
	says 'the last line'
	kill -STOP "$pid"
	kill -CONT "$pid"
	sleep 0.1
	! grep -q woken "$dir/engine.log" || fail "a stop ends a sleep"
	ends 0 TERM
}

# a wait sleeps
run_late() {
	local ticks
	start late_args
	says 'waiting up to 60 s'
	ticks=$(awk '{print $14 + $15}' "/proc/$pid/stat")
	sleep 0.6
	ticks=$(($(awk '{print $14 + $15}' "/proc/$pid/stat") - ticks))
	[ $ticks -lt 20 ] || fail "it waits in a busy loop: $ticks ticks in 0.6 s"
	ends 143 TERM
}

run_backend() {
	start backend_args
	makes engine "$backend" $patience
	host_probe "vhost-user:$backend"
	host_probe "vhost-user:$backend"
	is_ready
	ends 0 TERM
	[ ! -e "$backend" ] || fail "the socket is left"
}

# the backend goes and another comes
run_server() {
	start server_args
	host_probe "vhost-backend:$server,client"
	is_ready
	host_probe "vhost-backend:$server,client"
	ends 0 TERM
	[ ! -e "$server" ] || fail "the socket is left"
}

run_server_end() {
	start server_end_args
	ends 69
	[ ! -e "$server" ] || fail "the socket is left"
}

scenarios=(client small mount terminal late backend server server_end)

# What a broken scenario leaves.
clear_up() {
	[ ! -s "$dir/pid" ] || kill -KILL "$(cat "$dir/pid")" 2>/dev/null || true
	rm -f "$backend" "$server" "$late"
	find "$dir/huge" -type f -delete
	local ids
	ids=$(containers)
	# shellcheck disable=SC2086
	[ -z "$ids" ] || podman rm --force --time 0 $ids >/dev/null 2>&1 || true
}

# breaks PROFILE [SCENARIO]: the first scenario that breaks, with why, or nothing; SCENARIO before the others
breaks() {
	local scenario
	profile=$1
	for scenario in ${2:+"$2"} "${scenarios[@]}"; do
		if ! (trap - EXIT && "run_$scenario") 2>"$dir/why"; then
			echo "$scenario: $(tail -n 1 "$dir/why" | sed 's/^FAILED: //')"
			clear_up
			return
		fi
	done
}

full_passes() {
	local why
	patience=20
	SECONDS=0
	why=$(breaks "$full")
	patience=$((2 + SECONDS / 4))
	[ -z "$why" ] || fail "with the whole list $1, $why: $(tail -n 5 "$dir/engine.log")"
}

testpmd_backend "$client"
full_passes "at the beginning"

# denied [OPTIONS…]: how many calls our own program is refused
denied() {
	"$cvio" run --name "$name" --podman-args "$*" "$calls" >"$dir/calls.log" || fail "a denied call ends the process"
	[ "$(wc -l <"$dir/calls.log")" = 11 ] || fail "calls are missing: $(cat "$dir/calls.log")"
	grep -c ' refused$' "$dir/calls.log" || true
}
[ "$(denied)" = 11 ] || fail "calls that aren't in the list are allowed, or fail otherwise: $(cat "$dir/calls.log")"
open=$(denied --security-opt=seccomp=unconfined)
[ "$open" = 0 ] || fail "calls fail without a profile as well, which shows nothing: $(cat "$dir/calls.log")"

# The scenario that a reason begins with, as "mount: …" or "small, mount: …", if it does
scenario_of() { # REASON
	local word
	[[ $1 == *:* ]] || return 0
	for word in ${1%%:*}; do
		[[ " ${scenarios[*]} " != *" ${word%,} "* ]] || echo "${word%,}"
	done | tail -n 1
}

# Each entry: its name, and the reason behind the number sign.
entries=0
untested=0
while read -r call _ reason; do
	[[ -z $wanted || " $wanted " == *" $call "* ]] || continue
	entries=$((entries + 1))
	if [[ $reason == stays:* ]]; then
		untested=$((untested + 1))
		continue
	fi
	jq --compact-output --arg call "$call" '.syscalls[].names -= [$call]' "$full" >"$dir/less.json"
	! cmp -s "$full" "$dir/less.json" || fail "$call is in the list, but not in the profile; run make images"
	why=$(breaks "$dir/less.json" "$(scenario_of "$reason")")
	if [ -n "$why" ]; then
		say "$call breaks $why"
	else
		say "$call: nothing breaks without it; drop it from the list, or say with \"stays:\" why it is there"
		needless="${needless:-} $call"
	fi
done < <(sed -n '/^\[\(process\|engine\)\]/,/^$/s/^[a-z].*/&/p' "$list")
[ $entries -gt 0 ] || fail "no entries"
say "$entries entries, $untested of them stay by reasoning"
[ -z "${needless:-}" ] || fail "needless:$needless"

# what broke has not broken the test's own backend
full_passes "at the end"
testpmd_stop
