#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a running container is allowed and what it has: asserted from /proc and podman inspect.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
testpmd_backend "$socket"
name=${prefix}l2fwd
"$cvio" run -d --name "$name" --cpus 1 --memory memfd,32M --port "vhost-user:$socket" localhost/cvio/l2fwd >/dev/null
pid=$(podman inspect "$name" --format '{{.State.Pid}}')

status_is() { # FIELD VALUE
	local got
	got=$(sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status" | tr -s '[:space:]' ' ' | sed 's/ $//')
	[ "$got" = "$2" ] || fail "/proc/PID/status: $1 is \"$got\", not \"$2\""
}
status_is Uid "$uid $uid $uid $uid"
status_is Gid "$uid $uid $uid $uid"
status_is Groups $uid
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	status_is $set 0000000000000000
done
status_is NoNewPrivs 1
status_is Seccomp 2
for thread in "/proc/$pid/task"/*; do
	grep -q '^Seccomp:[[:space:]]*2$' "$thread/status" || fail "$thread runs without a filter"
done

awk '$5 == "/" && $6 !~ /^ro,|^ro$/ {exit 1}' "/proc/$pid/mountinfo" || fail "the root is writable"
! grep -q hugetlbfs "/proc/$pid/mountinfo" || fail "a hugetlbfs is mounted: $(grep hugetlbfs "/proc/$pid/mountinfo")"
devices=$(awk -F: 'NR > 2 && $1 !~ /^ *lo$/ {print $1}' "/proc/$pid/net/dev")
[ -z "$devices" ] || fail "network devices: $devices"
taskset=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$pid/status")
[ "$taskset" = 1 ] || fail "CPUs $taskset, not 1"

inspect() {
	podman inspect "$name" --format "$1"
}
[ "$(inspect '{{.HostConfig.ReadonlyRootfs}}')" = true ] || fail "podman: the root isn't read-only"
[ "$(inspect '{{.HostConfig.Privileged}}')" = false ] || fail "podman: privileged"
[ "$(inspect '{{.HostConfig.NetworkMode}}')" = none ] || fail "podman: network $(inspect '{{.HostConfig.NetworkMode}}')"
[ "$(inspect '{{len .HostConfig.Devices}}')" = 0 ] || fail "podman: devices are passed"
[ "$(inspect '{{len .EffectiveCaps}}')" = 0 ] || fail "podman: capabilities $(inspect '{{.EffectiveCaps}}')"
[ "$(inspect '{{.Config.User}}')" = "$uid:$uid" ] || fail "podman: user $(inspect '{{.Config.User}}')"

# the only file is the binary, besides what the engine makes
root=$(podman mount "$name")
files=$(cd "$root" && find . -type f -not -path './etc/*' -not -path './run/*' -not -path './dev/*' | sort | tr '\n' ' ')
podman unmount "$name" >/dev/null
[ "$files" = "./l2fwd " ] || fail "files in the image: $files"

# what is denied: it has an error, not a kill
podman stop --time 5 "$name" >/dev/null
state=$(inspect '{{.State.ExitCode}}')
[ "$state" = 0 ] || fail "l2fwd has a handler of SIGTERM and ends with 0; it ended with $state"
podman rm "$name" >/dev/null
testpmd_stop
