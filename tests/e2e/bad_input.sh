#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong input and wrong hosts: each has its own message, with the value and the remedy, and its exit code; nothing is left.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
l2fwd=localhost/cvio/l2fwd

refused() { # STATUS TEXT ARGS…
	local status=$1 text=$2
	shift 2
	expect "$status" "$text" "$cvio" run --name "${prefix}bad" "$@"
	[ -z "$(containers)" ] || fail "$*: a container is left"
}

# images
refused 66 'localhost/no/such' localhost/no/such
mkdir "$dir/plain"
cat >"$dir/plain/Containerfile" <<'CONTAINERFILE'
FROM scratch
COPY Containerfile /
CONTAINERFILE
buildah bud --quiet --tag "localhost/${prefix}plain" "$dir/plain" >/dev/null 2>&1
refused 65 'io.cvio.contract' "localhost/${prefix}plain"
podman rmi "localhost/${prefix}plain" >/dev/null
refused 64 'IMAGE'

# ports
while IFS='|' read -r text port; do
	refused 64 "$text" --port "$port" $l2fwd
done <<PORTS
vhost-user|vhost-nobody:$socket
from / on|vhost-user:p0.sock
queues=0|vhost-user:$socket,queues=0
queues=129|vhost-user:$socket,queues=129
queues=x|vhost-user:$socket,queues=x
size=100|vhost-user:$socket,size=100
size=65536|vhost-user:$socket,size=65536
ring=round|vhost-user:$socket,ring=round
mac=1:2|vhost-user:$socket,mac=1:2
mac=01:00:00:00:00:01|vhost-user:$socket,mac=01:00:00:00:00:01
mtu=1|vhost-user:$socket,mtu=1
wait=-1|vhost-user:$socket,wait=-1
speed=10|vhost-user:$socket,speed=10
ring|vhost-backend:$socket,ring=packed
queues=0|vhost-backend:$socket,queues=0
PORTS
refused 64 '1..32' $l2fwd # no port at all

# sockets
refused 69 'no-such-folder' --port "vhost-user:$dir/no-such-folder/p0.sock" $l2fwd
refused 69 "$sockets/none.sock" --port "vhost-user:$sockets/none.sock,wait=0" $l2fwd
refused 69 'waited 1 s' --port "vhost-user:$sockets/none.sock,wait=1" $l2fwd
: >"$sockets/file"
refused 69 'not a socket' --port "vhost-user:$sockets/file" $l2fwd
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$sockets/stale.sock"
chmod 666 "$sockets/stale.sock"
refused 69 'stale.sock' --port "vhost-user:$sockets/stale.sock,wait=0" $l2fwd
refused 69 'nobody listens' --port "vhost-user:$sockets/stale.sock,wait=1" $l2fwd
chmod 600 "$sockets/stale.sock"
refused 77 "uid $uid" --port "vhost-user:$sockets/stale.sock" $l2fwd
mkdir -m 755 "$dir/foreign"
refused 77 "install -d -o $uid" --port "vhost-user:$dir/foreign/s.sock,server" $l2fwd

# memory
for memory in lots memfd,x memfd,1 memfd,99999G medium,64M; do
	refused 64 "$memory" --memory $memory --port "vhost-user:$socket" $l2fwd
done
refused 71 'hugepages' --memory memfd,64G --port "vhost-user:$socket" $l2fwd

# CPUs
refused 64 '1000' --cpus 1000 --port "vhost-user:$socket" $l2fwd
refused 64 '0-99' --cpus 0-99 --port "vhost-user:$socket" $l2fwd
refused 64 'two' --cpus two --port "vhost-user:$socket" $l2fwd

# the command line itself
refused 64 '--no-such-option' --no-such-option $l2fwd
expect 64 'no-such-command' "$cvio" no-such-command

# podman
mkdir "$dir/bin"
PATH=$dir/bin refused 72 'podman'
printf '#!/bin/sh\necho "Error: the engine is broken" >&2\nexit 125\n' >"$dir/bin/podman"
chmod +x "$dir/bin/podman"
PATH=$dir/bin:$PATH expect 70 'the engine is broken' "$cvio" run --port "vhost-user:$socket" $l2fwd

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
