#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong input and wrong hosts: each has its own message, with the value and the remedy, and its exit code; nothing is left.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
l2fwd=localhost/cvio/l2fwd
images=()
pages=

end() {
	local status=$?
	set +e
	[ ${#images[@]} = 0 ] || podman rmi "${images[@]}" >/dev/null
	[ -z "$pages" ] || echo "$pages" >$PAGES_DIR/nr_hugepages
	(exit $status)
	test_end
}
trap end EXIT

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
	images+=("localhost/$prefix$1")
}

# images
refused 64 'IMAGE: is missing'
refused 66 'image: localhost/no/such: not in the storage' localhost/no/such
image_make plain 'FROM scratch
COPY Containerfile /'
refused 65 'has no label io.cvio.contract, so it isn'\''t built for cvio; --force-unlabelled runs it' "localhost/${prefix}plain"
# with the flag it runs: here up to the point where its switch isn't there
image_make bare "FROM scratch
COPY --from=$l2fwd /l2fwd /l2fwd
USER $uid
ENTRYPOINT [\"/l2fwd\", \"--\"]
CMD [\"-p\", \"1\"]"
refused 65 'has no label io.cvio.contract' --port "vhost-user:$sockets/none.sock" "localhost/${prefix}bare"
refused 69 'waited 1 s' --force-unlabelled --memory small --port "vhost-user:$sockets/none.sock,wait=1" "localhost/${prefix}bare"
while IFS='|' read -r label value text; do
	image_make "$label" "FROM $l2fwd
LABEL io.cvio.$label=$value"
	refused 65 "label io.cvio.$label is \"$value\"; $text" --port "vhost-user:$socket" "localhost/$prefix$label"
done <<'LABELS'
contract|2|this cvio knows contract 1
memory|lots|build the image with a value such as auto,64M
ports|2..1|build the image with a value such as 1..2
cpu|x86-64-v5|this cvio knows x86-64, x86-64-v2 to -v4 and aarch64
LABELS
if ! grep -qw avx512vl /proc/cpuinfo; then
	image_make v4 "FROM $l2fwd
LABEL io.cvio.cpu=x86-64-v4"
	refused 65 'needs a CPU of level x86-64-v4, and this one has x86-64' "localhost/${prefix}v4"
fi

# ports
while IFS='|' read -r text port; do
	refused 64 "$text" --port "$port" $l2fwd
done <<PORTS
vhost-user|vhost-nobody:$socket
from / on|vhost-user:p0.sock
queues=0|vhost-user:$socket,queues=0
queues=129|vhost-user:$socket,queues=129
has 8 at most|vhost-user:$socket,queues=9
has =, [ or ]|vhost-user:$sockets/p=0.sock
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
the socket's name is 25 bytes too long|vhost-user:$sockets/$(printf '%0120d' 0)
all of /|vhost-user:/p0.sock
PORTS
refused 64 '--port: 0 given' $l2fwd
refused 64 'another port has this socket' --port "vhost-user:$socket" --port "vhost-user:$socket,queues=2" $l2fwd

# sockets
refused 69 'no-such-folder/p0.sock: its folder is not there' --port "vhost-user:$dir/no-such-folder/p0.sock" $l2fwd
refused 69 "$sockets/none.sock: no such socket; start the switch" --port "vhost-user:$sockets/none.sock,wait=0" $l2fwd
refused 69 "$sockets/none.sock: there is no such file (waited 1 s)" --memory small \
	--port "vhost-user:$sockets/none.sock,wait=1" $l2fwd
refused 69 'none.sock: no backend has connected and answered (waited 1 s)' --memory small \
	--port "vhost-user:$sockets/none.sock,server,wait=1" $l2fwd
[ ! -e "$sockets/none.sock" ] || fail "the socket of a server that gave up is left"
: >"$sockets/file"
refused 69 'file: is not a socket; name the one' --port "vhost-user:$sockets/file" $l2fwd
refused 69 'file: exists and is not a socket' --port "vhost-user:$sockets/file,server" $l2fwd
stale=$sockets/stale.sock
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$stale"
chmod 666 "$stale"
refused 69 "$stale: connection refused, nobody listens" --port "vhost-user:$stale,wait=0" $l2fwd
refused 69 "$stale: nobody listens on it (waited 1 s)" --memory small --port "vhost-user:$stale,wait=1" $l2fwd
chmod 600 "$stale"
refused 77 "chown $uid $stale" --port "vhost-user:$stale" $l2fwd
mkdir -m 755 "$dir/foreign"
refused 77 "install -d -o $uid $dir/foreign" --port "vhost-user:$dir/foreign/s.sock,server" $l2fwd
chmod 700 "$dir/foreign"
refused 77 "chmod o+x $dir/foreign" --port "vhost-user:$dir/foreign/s.sock" $l2fwd

# a folder that has another path inside: the reason names the host's
refused 69 "port 0: /dev/shm/${prefix}none.sock: there is no such file (waited 1 s)" -d --memory small \
	--port "vhost-user:/dev/shm/${prefix}none.sock,wait=1" $l2fwd

# a start that is given up: until then the container's log tells what it waits for
"$cvio" run -d --name "${prefix}wait" --memory small --port "vhost-user:$sockets/none.sock,wait=60" $l2fwd \
	>"$dir/wait.log" 2>&1 &
launcher=$!
waits() {
	podman logs "${prefix}wait" 2>&1 | grep -qF "$sockets/none.sock: there is no such file; waiting up to 60 s"
}
wait_for 10 waits
kill -TERM $launcher
status=0
wait $launcher || status=$?
[ "$status" = 143 ] || fail "SIGTERM while it waits: status $status"
grep -q 'interrupted before its ports were up; the container is removed' "$dir/wait.log" || fail "SIGTERM while it waits"
[ -z "$(containers)" ] || fail "SIGTERM while it waits: the container is left"

# the same in the foreground, however early the signal comes: status 0 is an application's that ran
for after in 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5; do
	"$cvio" run --name "${prefix}early" --memory small --port "vhost-backend:$sockets/early.sock" localhost/cvio/probe \
		>"$dir/early.log" 2>&1 &
	launcher=$!
	sleep $after
	kill -TERM $launcher
	status=0
	wait $launcher || status=$?
	[ "$status" = 143 ] || fail "SIGTERM after $after s: status $status: $(cat "$dir/early.log")"
	[ -z "$(containers)" ] || fail "SIGTERM after $after s: the container is left"
done

# memory
for memory in lots memfd,x memfd,1 memfd,99999G medium,64M; do
	refused 64 "$memory" --memory $memory --port "vhost-user:$socket" $l2fwd
done
refused 71 'memory: memfd: 32768 free hugepages of 2 MiB wanted' --memory memfd,64G --port "vhost-user:$socket" $l2fwd

# CPUs
missing=$(($(sed 's/.*[,-]//' /sys/devices/system/cpu/present) + 1))
refused 64 "--cpus: 0-$missing: this machine has no CPU $missing; it has 0" --cpus 0-$missing --port "vhost-user:$socket" $l2fwd
refused 64 '9999' --cpus 9999 --port "vhost-user:$socket" $l2fwd
refused 64 'two' --cpus two --port "vhost-user:$socket" $l2fwd

# the command line itself
refused 64 '--no-such-option: no such option' --no-such-option $l2fwd
refused 64 '--podman-args: '\''open: a quote has no end' --podman-args "'open" $l2fwd
expect 64 'no-such-command: no such subcommand' "$cvio" no-such-command
expect 64 'is not a container'\''s name' "$cvio" run --name 'a b' --port "vhost-user:$socket" $l2fwd

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
without_podman() { # only of the launcher, not of this test
	expect 72 'podman: not found in PATH; install it' env "PATH=$dir/bin" "$cvio" "$@"
}
without_podman run --port "vhost-user:$socket" $l2fwd
without_podman inspect $l2fwd
fake_podman() { # LINE: of a shell script
	printf '#!/bin/sh\n%s\n' "$1" >"$dir/bin/podman"
	chmod +x "$dir/bin/podman"
}
fake_podman 'echo "Error: the engine is broken" >&2; exit 125'
expect 70 "podman: $l2fwd: the engine is broken" env "PATH=$dir/bin:$PATH" \
	"$cvio" run --port "vhost-user:$socket" $l2fwd
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
