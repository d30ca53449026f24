#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong input and wrong hosts that show once a container starts, or without the launcher: each has its own message, with the
# value and the remedy, and its exit code; nothing is left. tests/launcher/wrong.list has those that the launcher finds before.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
l2fwd=localhost/cvio/l2fwd
pages=
pages_back() { [ -z "$pages" ] || echo "$pages" >$PAGES_DIR/nr_hugepages; }
at_end pages_back

refused() { # STATUS TEXT ARGS…
	local status=$1 text=$2
	shift 2
	expect "$status" "$text" "$cvio" run --name "${prefix}bad" "$@"
	[ -z "$(containers)" ] || fail "$*: a container is left"
}

# image_make NAME LINES: an image like l2fwd, but for these lines
image_make() {
	mkdir "$dir/$1"
	printf '%s\n' "$2" >"$dir/$1/Containerfile"
	buildah bud --quiet --pull-never --tag "localhost/$prefix$1" "$dir/$1" >/dev/null 2>"$dir/buildah.log"
	image_own "localhost/$prefix$1"
}

# with the flag an image without labels runs: here up to the point where its switch isn't there
image_make bare "FROM scratch
COPY --from=$l2fwd /l2fwd /l2fwd
USER $uid
ENTRYPOINT [\"/l2fwd\", \"--\"]
CMD [\"-p\", \"1\"]"
refused 69 'waited 1 s' --force-unlabelled --memory small --port "vhost-user:$sockets/none.sock,wait=1" "localhost/${prefix}bare"
if ! grep -qw avx512vl /proc/cpuinfo; then
	image_make v4 "FROM $l2fwd
LABEL io.cvio.cpu=x86-64-v4"
	refused 65 'needs a CPU of level x86-64-v4, and this one has x86-64' "localhost/${prefix}v4"
fi

# sockets
refused 69 "$sockets/none.sock: there is no such file (waited 1 s)" --memory small \
	--port "vhost-user:$sockets/none.sock,wait=1" $l2fwd
refused 69 'none.sock: no backend has connected and answered (waited 1 s)' --memory small \
	--port "vhost-user:$sockets/none.sock,server,wait=1" $l2fwd
[ ! -e "$sockets/none.sock" ] || fail "the socket of a server that gave up is left"
stale=$sockets/stale.sock
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$stale"
chmod 666 "$stale"
refused 69 "$stale: nobody listens on it (waited 1 s)" --memory small --port "vhost-user:$stale,wait=1" $l2fwd

# a folder that has another path inside: the reason names the host's
refused 69 "port 0: /dev/shm/${prefix}none.sock: there is no such file (waited 1 s)" -d --memory small \
	--port "vhost-user:/dev/shm/${prefix}none.sock,wait=1" $l2fwd

# a start that is given up: until then the container's log tells what it waits for
launch launcher "$cvio" run -d --name "${prefix}wait" --memory small --port "vhost-user:$sockets/none.sock,wait=60" $l2fwd
waits() {
	podman logs "${prefix}wait" 2>&1 | grep -F "$sockets/none.sock: there is no such file; waiting up to 60 s" >/dev/null
}
wait_for 10 waits
kill -TERM $launcher
ended launcher 143
prints launcher 'interrupted before its ports were up; the container is removed'
[ -z "$(containers)" ] || fail "SIGTERM while it waits: the container is left"

# the same in the foreground, however early the signal comes: status 0 is an application's that ran
for after in 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5; do
	launch launcher "$cvio" run --name "${prefix}early" --memory small --port "vhost-backend:$sockets/early.sock" localhost/cvio/probe
	sleep $after
	kill -TERM $launcher
	ended launcher 143
	[ -z "$(containers)" ] || fail "SIGTERM after $after s: the container is left"
done

# a name that is taken, by a container that stays as it is
podman create --name "${prefix}taken" --network none $l2fwd >/dev/null
for mode in '' -d; do
	# shellcheck disable=SC2086
	expect 64 "--name: ${prefix}taken: another container has this name" \
		"$cvio" run $mode --name "${prefix}taken" --memory small --port "vhost-user:$socket" $l2fwd
done
[ "$(containers | wc -l)" = 1 ] || fail "a taken name: not the one container that was there: $(containers)"
podman rm "${prefix}taken" >/dev/null

# podman
mkdir "$dir/bin"
fake_podman() { # LINE: of a shell script
	printf '#!/bin/sh\n%s\n' "$1" >"$dir/bin/podman"
	chmod +x "$dir/bin/podman"
}
fake_podman "case \" \$* \" in *' run '*) echo 'Error: the runtime is broken' >&2; exit 126 ;; esac; exec $(command -v podman) \"\$@\""
for mode in '' -d; do
	# shellcheck disable=SC2086
	expect 70 "podman: $l2fwd: the runtime is broken; \`cvio run --dry-run\` shows" env "PATH=$dir/bin:$PATH" \
		"$cvio" run $mode --memory small --port "vhost-user:$socket" $l2fwd
done

# the image by itself, without the launcher
bare() { # STATUS TEXT ENVIRONMENT…
	local status=$1 text=$2
	shift 2
	expect "$status" "$text" env "$@" "$build/images/l2fwd/l2fwd" -- -p 1
}
bare 64 'CVIO_PORT: no such variable' CVIO_PORT=vhost-user:/x
bare 64 'CVIO_PORTS' CVIO_PORTS=vhost-user:x
bare 64 'CVIO_MEMORY' CVIO_MEMORY=lots
bare 64 'CVIO_LOG' CVIO_LOG=loud
bare 64 'CVIO_EAL_ARGS' "CVIO_EAL_ARGS=--vdev 'open"
bare 64 'EAL' CVIO_EAL_ARGS=--no-such-option
bare 64 '107' "CVIO_PORTS=vhost-user:/$(printf '%0120d' 0)"
bare 71 'hugepages' CVIO_MEMORY=memfd,64G
bare 69 "$sockets/none.sock" "CVIO_PORTS=vhost-user:$sockets/none.sock,wait=0"

# no free hugepages: the pool shrinks to what is in use; again if somebody gives some back meanwhile
none_free() {
	echo $(($(cat $PAGES_DIR/nr_hugepages) - $(free_pages))) >$PAGES_DIR/nr_hugepages
	[ "$(free_pages)" = 0 ]
}
pages=$(cat $PAGES_DIR/nr_hugepages)
wait_for 5 none_free
expect 71 'memory: memfd: 16 free hugepages of 2 MiB wanted, 0 there; as root: echo' \
	"$cvio" run --memory memfd,32M --port "vhost-user:$socket" $l2fwd
expect 71 'memory memfd,32M: 16 hugepages of 2 MiB are wanted, 0 are free' \
	env CVIO_MEMORY=memfd,32M "$build/images/l2fwd/l2fwd" -- -p 1
echo "$pages" >$PAGES_DIR/nr_hugepages
pages=
