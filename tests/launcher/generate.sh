#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What `cvio generate` prints is run by those that it is for, as docs/handover.md has it: podman, docker (a daemon of the
# test's own), an OCI runtime, LXC. One and the same image forwards the probe's frames behind the same walls. Then what it
# is asked wrongly, and a chain.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
l2fwd=localhost/cvio/l2fwd
state=$dir/state
dockerd=
export PATH=$build/launcher:$PATH DOCKER_HOST=unix://$state/docker.sock

end() {
	runc delete --force l2fwd 2>/dev/null
	lxc-stop -k -n l2fwd 2>/dev/null
	podman rm --force --time 1 l2fwd >/dev/null 2>&1
	[ -z "$dockerd" ] || docker rm --force l2fwd >/dev/null 2>&1
	docker_stop
}
at_end end

docker_start() {
	launch dockerd dockerd --host "$DOCKER_HOST" --data-root "$state/data" --exec-root "$state/exec" --pidfile "$state/pid" \
		--bridge=none --iptables=false --ip6tables=false --storage-driver vfs
	until_seen dockerd 30 "an answer to docker info" docker info
}

docker_stop() {
	[ -z "$dockerd" ] || kill $dockerd
	[ -z "$dockerd" ] || wait $dockerd || true
	dockerd=
}

# The image's process: behind the walls, whoever started it
walls() {
	local pid status
	wait_for 20 pgrep -x l2fwd
	pid=$(pgrep -x l2fwd)
	status=$(cat "/proc/$pid/status")
	for line in "Uid:\s+$uid\s+$uid\s" 'CapEff:\s+0+$' 'CapBnd:\s+0+$' 'NoNewPrivs:\s+1$' 'Seccomp:\s+2$' 'Cpus_allowed_list:\s+1$'; do
		grep -qE "^$line" <<<"$status" || fail "$1: no $line: $status"
	done
	grep -qE '^[^ ]+ / [^ ]+ ro[, ]' "/proc/$pid/mounts" || fail "$1: the root can be written to"
	! grep ':' "/proc/$pid/net/dev" | grep -v '^ *lo:' >/dev/null || fail "$1: it has a network: $(cat "/proc/$pid/net/dev")"
}

# It gets frames from the probe and sends them back.
forwards() { # NAME
	"$cvio" run --name "${prefix}probe" --cpus 0 --memory memfd,32M --port "vhost-backend:$socket" localhost/cvio/probe -- \
		--seconds 0 --count 2000 --sizes 64,1518 --json >"$dir/probe.json" 2>"$dir/probe.log" ||
		fail "$1: the probe ends with $?: $(cat "$dir/probe.json" "$dir/$1.log")"
	jq -e '[.rows[].paced | select(.sent == 2000 and .received == 2000 and .damaged == 0)] | length == 2' \
		"$dir/probe.json" >/dev/null || fail "$1: $(cat "$dir/probe.json")"
	rm -f "$socket"
}

commands() { # HEADING: the commands below it in docs/handover.md
	awk -v heading="## $1" '$0 == heading {found = 1} /^```/ {if (writing) exit; writing = found; next} writing' \
		"$top/docs/handover.md" | sed "s|/run/demo|$sockets|g"
}

no_l2fwd() { ! pgrep -x l2fwd; }

# handed_over HEADING COMMAND…: the last ends it
handed_over() {
	local heading=$1 job
	shift
	commands "$heading" >"$dir/commands.sh"
	[ -s "$dir/commands.sh" ] || fail "docs/handover.md: $heading: there are no commands"
	no_l2fwd || fail "$heading: no process named l2fwd expected yet: $(pgrep -ax l2fwd)"
	sh "$dir/commands.sh" >"$dir/$heading.log" 2>&1 &
	job=$!
	walls "$heading"
	forwards "$heading"
	"$@" >/dev/null 2>&1 || true # it may have ended at the first sign
	wait_for 10 no_l2fwd
	wait $job || true
	say "$heading: the image forwards, behind its walls"
}

mkdir "$state"
cd "$dir" || exit
handed_over podman podman stop l2fwd
handed_over 'An OCI runtime' runc kill l2fwd TERM
handed_over LXC lxc-stop -k -n l2fwd
grep -q '^cvio: port 0: ' l2fwd.lxc/log || fail "LXC: what the image says is not in its log: $(cat l2fwd.lxc/log)"
docker_start
handed_over docker docker stop l2fwd
docker_stop

# memory mount, in a bundle: a hugetlbfs of the container's own
cvio generate oci -o mount --name l2fwd --memory mount,32M --cpus 1 --port "vhost-user:$socket,wait=60" $l2fwd -- -p 1 -T 0
no_l2fwd || fail "memory mount: no process named l2fwd expected yet: $(pgrep -ax l2fwd)"
launch mount runc run --bundle mount l2fwd
until_seen mount 20 "a process named l2fwd" pgrep -x l2fwd
grep -q ' /dev/hugepages hugetlbfs .*size=33554432' "/proc/$(pgrep -x l2fwd)/mounts" || fail "memory mount: no hugetlbfs"
forwards mount
runc kill l2fwd KILL
wait $mount || true

# the same again is the same, and a chain in the order of its links
cat >cvio.yaml <<END
name: ${prefix}chain
containers:
  send: {image: localhost/cvio/probe, cpus: "1", memory: "small,16M", args: "--sizes 64 --rate 1000 --count 1000 --seconds 0 --json"}
  echo: {image: localhost/cvio/probe, cpus: "0", memory: "small,16M", args: [--echo]}
links:
  - {from: echo, to: send, options: wait=60}
END
cvio generate podman -f cvio.yaml -o chain.sh
cvio generate podman -f cvio.yaml | cmp - chain.sh || fail "the same chain gives another script"
cvio generate oci -f cvio.yaml -o chain.oci
[ "$(jq -r '.process.args | join(" ")' chain.oci/"${prefix}chain-echo"/config.json)" = "/probe -- --echo" ] ||
	fail "a chain's bundle: $(cat chain.oci/"${prefix}chain-echo"/config.json)"
sh chain.sh >chain.log 2>&1 || fail "the chain's script ends with $?: $(cat chain.log)"
[ "$(podman wait "${prefix}chain-send")" = 0 ] || fail "the chain's frames: $(podman logs "${prefix}chain-send" 2>&1)"
# nobody but root and the images' user can move a socket away and put one of his own there
is_closed() { # FORM FOLDER…
	local form=$1 folder
	shift
	for folder; do
		case $(stat -c '%u %a' "$folder") in
		"$uid 755" | "0 755" | "0 700") ;;
		*) fail "$form: a chain's folder is open: $(stat -c '%u:%g %a %n' "$folder")" ;;
		esac
	done
}
links=("/run/cvio/chain-${prefix}chain"/*)
[ "$(stat -c %u "${links[0]}")" = $uid ] || fail "the link's folder isn't its image's: $(ls -ldn "${links[@]}")"
is_closed podman /run/cvio "/run/cvio/chain-${prefix}chain" "${links[@]}"
podman rm --force --time 1 "${prefix}chain-send" "${prefix}chain-echo" >/dev/null
rm -rf "/run/cvio/chain-${prefix}chain"
for form in docker podman-kube quadlet; do
	cvio generate $form -f cvio.yaml -o closed 2>/dev/null
	grep -rhoE '(/usr/bin/)?install -d .*' closed >closed.sh || fail "generate $form: no folder is made"
	sh -e closed.sh
	is_closed "$form" "/run/cvio/chain-${prefix}chain" "/run/cvio/chain-${prefix}chain"/*
	rm -r closed closed.sh "/run/cvio/chain-${prefix}chain"
done
rm -rf "/run/cvio/chain-${prefix}chain"

# an image's symbolic link where something is to be mounted doesn't lead out of its root
mkdir -m 700 victim
evil=localhost/${prefix}evil
image_own "$evil"
container=$(buildah from --pull-never $l2fwd)
mounted=$(buildah mount "$container")
mkdir -p "$mounted/run/cvio"
ln -s "$dir/victim" "$mounted/run/cvio/telemetry"
buildah commit --quiet --rm "$container" "$evil" >/dev/null
for form in oci lxc; do
	expect 65 '/run/cvio/telemetry: the image has something else than folders there' \
		cvio generate $form -o evil --port "vhost-user:$socket" "$evil"
done
[ "$(stat -c %a victim)" = 700 ] || fail "an image changed a folder of the host: $(stat -c '%a %n' victim)"
podman rmi "$evil" >/dev/null

# an image's variable doesn't become a line of LXC's configuration, which root's lxc-start obeys; JSON holds it as it is
container=$(buildah from --pull-never $l2fwd)
buildah config --env "A=b
lxc.hook.pre-start = $dir/hook" "$container"
buildah commit --quiet --rm "$container" "$evil" >/dev/null
expect 65 "generate: $evil: ENV \"A=b\\x0alxc.hook.pre-start = $dir/hook\": has a control character" \
	cvio generate lxc -o evil --port "vhost-user:$socket" "$evil"
[ ! -e evil ] || fail "generate lxc: there is a configuration all the same: $(cat evil/config)"
cvio generate oci -o evil --port "vhost-user:$socket" "$evil"
jq -e --arg value "A=b
lxc.hook.pre-start = $dir/hook" '.process.env | index($value)' evil/config.json >/dev/null ||
	fail "generate oci: the variable isn't there: $(cat evil/config.json)"
rm -r evil
for form in podman quadlet; do
	! cvio generate $form --port "vhost-user:$socket" "$evil" | grep hook >&2 || fail "generate $form: the variable is in it"
done
podman rmi "$evil" >/dev/null

before=$(ls -A)
expect 64 'generate: nobody: no such form' cvio generate nobody
expect 64 'generate: oci: is several files; name a folder' cvio generate oci --port "vhost-user:$socket" $l2fwd
expect 64 'generate: lxc: is several files; name a folder' cvio generate lxc --port "vhost-user:$socket" $l2fwd
expect 64 "generate: $dir/mount: is there already" cvio generate oci -o mount --port "vhost-user:$socket" $l2fwd
expect 64 "generate: oci: --podman-args can't be said in this form" cvio generate oci -o x --podman-args -t --port "vhost-user:$socket" $l2fwd
expect 64 '-o: needs a value' cvio generate podman -o
expect 64 "is given beside -f" cvio generate podman -f cvio.yaml $l2fwd
expect 64 '--port: 0 given' cvio generate podman $l2fwd
expect 66 'not in the storage' cvio generate podman localhost/no/such
expect 70 'generate: none/x: No such file or directory' cvio generate oci -o none/x --port "vhost-user:$socket" $l2fwd
expect 0 'no CPU 1000' cvio generate podman --cpus 1000 --port "vhost-user:$socket" $l2fwd
[ "$(ls -A)" = "$before" ] || fail "wrong uses leave something: $(ls -A)"
