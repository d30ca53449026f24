#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong input and wrong hosts: each line of wrong.list ends with its exit status and one message of its own, and leaves nothing.
PAGES_WANTED=8 # two cases of generate look whether some are free; none is taken
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
list=$(cd "$(dirname "$0")" && pwd)/wrong.list

# What a case may say beside cvio itself; it runs in an empty folder of its own.

cvio() {
	timeout 20 "$cvio" "$@"
}

run() { # ARGS…: with memory that every host has
	cvio run --name "${prefix}bad" --memory small "$@"
}

# chain LINES [SUBCOMMAND…]: of a file with these lines
chain() {
	printf '%b\n' "$1" >chain.yaml
	shift
	cvio "${@:-up}" -f chain.yaml
}

without_podman() { # COMMAND…
	mkdir bin
	PATH=$PWD/bin "$@"
}

with_podman() { # LINE COMMAND…: podman is a script of this line
	mkdir bin
	printf '#!/bin/sh\n%s\n' "$1" >bin/podman
	chmod +x bin/podman
	shift
	PATH=$PWD/bin:$PATH "$@"
}

as_user() { # ARGS…: cvio by a user who isn't root
	timeout 20 setpriv --reuid 65530 --regid 65530 --clear-groups --inh-caps=-all env HOME=/nonexistent "$dir/bin/cvio" "$@"
}

# The same where this user has l2fwd.
as_user_with_image() {
	with_podman "case \$1 in manifest) exit 1 ;; esac; cat $dir/inspect.json" as_user "$@"
}

# What the cases find.

image_make() { # NAME LINES: an image like l2fwd, but for these lines
	mkdir "$dir/$1"
	printf '%s\n' "$2" >"$dir/$1/Containerfile"
	buildah bud --quiet --pull-never --tag "localhost/$prefix$1" "$dir/$1" >/dev/null 2>"$dir/buildah.log"
	image_own "localhost/$prefix$1"
}

make_images() {
	image_make plain 'FROM scratch
COPY Containerfile /'
	image_make contract 'FROM localhost/cvio/l2fwd
LABEL io.cvio.contract=2'
	image_make memory 'FROM localhost/cvio/l2fwd
LABEL io.cvio.memory=lots'
	image_make ports 'FROM localhost/cvio/l2fwd
LABEL io.cvio.ports=2..1'
	image_make cpu 'FROM localhost/cvio/l2fwd
LABEL io.cvio.cpu=x86-64-v5'
}

make_sockets() {
	: >"$sockets/file"
	python3 -c 'import socket, sys
for path in sys.argv[1:]: socket.socket(socket.AF_UNIX).bind(path)' "$sockets/stale" "$sockets/closed"
	chmod 666 "$sockets/stale"
	chmod 600 "$sockets/closed"
	launch server python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
print("listens", flush=True)
time.sleep(600)' "$sockets/live"
	prints server listens
	chmod 666 "$sockets/live"
	mkdir -m 755 "$dir/foreign"
	mkdir -m 700 "$dir/shut"
}

make_user() {
	install -m 755 "$cvio" "$dir/bin/cvio"
	podman image inspect localhost/cvio/l2fwd >"$dir/inspect.json"
	printf 'name: u\ncontainers: {a: {image: localhost/cvio/l2fwd}}\n' >"$dir/user.yaml"
}

make_bundles() {
	ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/other"
	"$cvio" bundle create -o "$dir/good" --sign "$dir/key" cvio/base >"$dir/bundle.log" 2>&1
	head -c 100000 "$dir/good" >"$dir/short"
	(cat "$dir/good" && echo more) >"$dir/long"
	: >"$dir/empty"
	(head -c 50000 "$dir/good" && printf flipped && tail -c +50008 "$dir/good") >"$dir/flipped"
}

# All that a case could leave, beside the containers and images that are looked at in the end.
remains() {
	{
		find "$dir" -path "$dir/case" -prune -o -print
		find /run/cvio -mindepth 1 -maxdepth 1 2>/dev/null || true
	} | sort
}

filled() { # LINE: with this test's places for the placeholders
	sed "s|%dir|$dir|g; s|%sockets|$sockets|g; s|%prefix|$prefix|g; s|%uid|$uid|g; s|%cpu|$missing|g" <<<"$1"
}

wrong() { # STATUS TEXT COMMAND
	local got=0 lines
	rm -rf "$dir/case"
	mkdir "$dir/case"
	(cd "$dir/case" && eval "$3") >"$dir/out" 2>"$dir/err" </dev/null || got=$?
	lines=$(grep '^cvio: ' "$dir/err") || true
	[ "$got" = "$1" ] || say "$3: status $got, not $1: $(cat "$dir/err")"
	[ "$(grep -c '^cvio: ' "$dir/err")" = 1 ] || say "$3: not one line of cvio: $(cat "$dir/err")"
	grep -qF -- "$2" <<<"$lines" || say "$3: \"$2\" is not in: $lines"
	grep -qE '; | (is|are) wanted($|,)| takes ' <<<"$lines" || say "$3: no remedy: $lines"
	comm -13 "$dir/remains" <(remains) >"$dir/left"
	[ ! -s "$dir/left" ] || say "$3: it left: $(cat "$dir/left")"
	echo "$lines" >>"$dir/messages"
}

every_case() {
	local status text command
	while IFS='|' read -r status text command; do
		case $status in '' | '#'*) continue ;; esac
		count=$((count + 1))
		wrong "$status" "$(filled "$text")" "$(filled "$command")"
	done <"$list" 2>"$dir/complaints"
	[ ! -s "$dir/complaints" ] || fail "$(cat "$dir/complaints")"
}

missing=$(($(sed 's/.*[,-]//' /sys/devices/system/cpu/present) + 1))
mkdir "$dir/tmp" "$dir/data" "$dir/bin"
export TMPDIR=$dir/tmp XDG_DATA_HOME=$dir/data
make_user
make_images
make_sockets
make_bundles
podman create --name "${prefix}taken" --network none localhost/cvio/l2fwd >/dev/null
touch "$dir/out" "$dir/err" "$dir/messages" "$dir/left" "$dir/complaints" "$dir/remains"
remains >"$dir/remains"
images_before=$(podman images --all --quiet | sort)
count=0
every_case
[ "$count" -ge 100 ] || fail "only $count cases"
[ -z "$(sort "$dir/messages" | uniq -d)" ] || fail "not messages of their own: $(sort "$dir/messages" | uniq -d)"
[ "$(podman images --all --quiet | sort)" = "$images_before" ] || fail "images came or went"
[ "$(containers | wc -l)" = 1 ] || fail "not the one container that was there: $(containers)"
podman rm "${prefix}taken" >/dev/null
say "$count cases"
