#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# An ordinary user: `cvio run` under rootless podman, with hugepages, on a backend that another user runs. The user exists
# in a mount namespace of the test's own only, with a home, storage and subordinate ids that go with the test.
. "$(dirname "$0")/../lib.sh"

apart "$@" # as root, to become that user
command -v newuidmap >/dev/null || skip "newuidmap is needed, of Debian's uidmap"
test_begin "$@"
cd "$dir" || exit # the work tree may be closed to the user, and podman goes back to where it was started
user=54321
subids=1000000000
l2fwd=localhost/cvio/l2fwd
probe=localhost/cvio/probe
home=$dir/home
run=$dir/run

# the work tree may be closed to the user
install -m 755 "$cvio" "$dir/cvio"
cvio=$dir/cvio
if [ -n "${CONTAINERS_CONF:-}" ]; then
	install -m 644 "$CONTAINERS_CONF" "$dir/containers.conf"
	CONTAINERS_CONF=$dir/containers.conf
fi
as_user=(setpriv --reuid "$user" --regid "$user" --clear-groups env -i "PATH=$PATH" "HOME=$home" "XDG_RUNTIME_DIR=$run"
	${CONTAINERS_CONF:+"CONTAINERS_CONF=$CONTAINERS_CONF"})

processes() { # of the user; what nobody has waited for doesn't count
	ps -o stat= -u $user | grep -v Z
}

no_processes() {
	! processes
}

# `system migrate` ends podman's own process, which holds the user's namespace
end() {
	"${as_user[@]}" podman rm --force --time 1 --ignore l2fwd "${prefix}c-send" "${prefix}c-echo" >/dev/null 2>&1
	"${as_user[@]}" podman system migrate >/dev/null 2>&1
	umount /etc/passwd /etc/subuid /etc/subgid
}

getent passwd $user >/dev/null && skip "uid $user is somebody's"
no_processes || skip "uid $user has processes"
install -d -o $user -g $user -m 700 "$home" "$run"
(cat /etc/passwd && echo "cvio-test:x:$user:$user::$home:/bin/sh") >"$dir/passwd"
echo "$user:$subids:65536" >"$dir/subids"
skopeo copy --quiet "containers-storage:$l2fwd" "oci-archive:$dir/l2fwd.tar:$l2fwd"
skopeo copy --quiet "containers-storage:$probe" "oci-archive:$dir/probe.tar:$probe"
chmod 644 "$dir/passwd" "$dir/subids" "$dir/l2fwd.tar" "$dir/probe.tar"
for file in passwd subuid subgid; do
	[ -e /etc/$file ] || skip "/etc/$file is needed"
done
mount --bind "$dir/passwd" /etc/passwd
mount --bind "$dir/subids" /etc/subuid
mount --bind "$dir/subids" /etc/subgid
at_end end
"${as_user[@]}" podman load --quiet --input "$dir/l2fwd.tar" >"$dir/load.log" 2>&1 ||
	skip "rootless podman doesn't work: $(tail -n 1 "$dir/load.log")"

# what the user may not do, in the launcher's words and in the image's
install -d -m 700 "$dir/closed" "$dir/closed/sub"
expect 77 'you may not enter its folder' "${as_user[@]}" "$cvio" run --port "vhost-user:$dir/closed/sub/p0.sock" $l2fwd
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$sockets/root.sock"
chmod 600 "$sockets/root.sock"
expect 69 "$sockets/root.sock: permission denied" "${as_user[@]}" "$cvio" run --name l2fwd --memory small \
	--port "vhost-user:$sockets/root.sock,wait=1" $l2fwd

# ports up, frames pass
socket=$sockets/p0.sock
testpmd_backend "$socket"
"${as_user[@]}" "$cvio" run -d --name l2fwd --cpus 1 --memory memfd,32M \
	--port "vhost-user:$socket" $l2fwd >/dev/null
pid=$("${as_user[@]}" podman inspect l2fwd --format '{{.State.Pid}}')
status_is() { # FIELD VALUE
	[ "$(awk -v field="$1:" '$1 == field {print $2}' "/proc/$pid/status")" = "$2" ] ||
		fail "/proc/PID/status: not $2: $(grep "^$1:" "/proc/$pid/status")"
}
status_is Uid $((subids + uid - 1))
status_is CapBnd 0000000000000000
status_is NoNewPrivs 1
status_is Seccomp 2
status_is HugetlbPages 32768
status_is Cpus_allowed_list 1 # the first lcore's
within 10 testpmd_loops || fail "more than 32 frames expected to come back; the last try: $tried"
"${as_user[@]}" podman rm --force --time 2 l2fwd >/dev/null

# A chain: by a generated script, whose folders are a subordinate uid's, then by `cvio up`, whose are behind a closed one.
"${as_user[@]}" podman load --quiet --input "$dir/probe.tar" >"$dir/load.log" 2>&1 || fail "the probe can't be loaded"
cat >"$dir/cvio.yaml" <<END
name: ${prefix}c
containers:
  send: {image: $probe, memory: "small,16M", args: "--sizes 64 --rate 1000 --count 1000 --seconds 0 --json"}
  echo: {image: $probe, memory: "small,16M", args: [--echo]}
links:
  - {from: echo, to: send, options: wait=60}
END
chain=$run/cvio/chain-${prefix}c
"${as_user[@]}" "$cvio" generate podman -f "$dir/cvio.yaml" >"$dir/chain.sh"
"${as_user[@]}" sh "$dir/chain.sh" >"$dir/chain.log" 2>&1 || fail "the chain's script ends with $?: $(cat "$dir/chain.log")"
[ "$("${as_user[@]}" podman wait "${prefix}c-send")" = 0 ] ||
	fail "the chain's frames: $("${as_user[@]}" podman logs "${prefix}c-send" 2>&1)"
for folder in "$chain=$user 755" "$chain/echo-0=$((subids + uid - 1)) 755"; do
	[ "$(stat -c '%u %a' "${folder%=*}")" = "${folder#*=}" ] || fail "not ${folder#*=}: $(ls -ldn "${folder%=*}")"
done
"${as_user[@]}" podman rm --force --time 2 "${prefix}c-send" "${prefix}c-echo" >/dev/null
timeout 60 "${as_user[@]}" "$cvio" up -f "$dir/cvio.yaml" 2>"$dir/up.log" || fail "up after the script: $(cat "$dir/up.log")"
[ "$(stat -c '%u %a' "$chain")" = "$user 700" ] || fail "the chain's folder is open: $(ls -ldn "$chain")"
timeout 60 "${as_user[@]}" "$cvio" down -f "$dir/cvio.yaml" 2>"$dir/up.log" || fail "down: $(cat "$dir/up.log")"
[ ! -e "$chain" ] || fail "down leaves $(find "$chain" -ls)"

# nothing is left: the launcher's folder, the container, its process
[ ! -e "$run/cvio" ] || [ -z "$(find "$run/cvio" -mindepth 1)" ] || fail "the launcher's folder is left"
[ -z "$("${as_user[@]}" podman ps --all --quiet)" ] || fail "a container is left"
"${as_user[@]}" podman system migrate
wait_for 5 no_processes
testpmd_stop
