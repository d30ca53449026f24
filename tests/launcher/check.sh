#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# cvio check on this host: what isn't ok has a remedy, the remedy for hugepages mends it, and so it is for an ordinary
# user, without podman, for one run, and when it is interrupted. Nothing is left.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
l2fwd=localhost/cvio/l2fwd
pages=

left_by_check() {
	find /tmp "$dir" -maxdepth 1 -name 'cvio-check-*'
	podman ps --all --format '{{.Names}}' | grep '^cvio-check-' || true
}

pages_back() { [ -z "$pages" ] || echo "$pages" >$PAGES_DIR/nr_hugepages; }
at_end pages_back
left_before=$(left_by_check)

# check STATUS ARGS…: its JSON to $dir/check.json, whose form is what the man page says
check() {
	local status=$1 got=0
	shift
	"${as[@]}" "$cvio" check --json "$@" >"$dir/check.json" 2>"$dir/check.log" || got=$?
	[ "$got" = "$status" ] || fail "check $*: status $got, not $status: $(cat "$dir/check.json" "$dir/check.log")"
	jq --exit-status '
		type == "array" and length > 10 and all(.[];
			(keys == ["name", "remedy", "result", "value"]) and (.value | type == "string" and length > 0) and
			if .result == "ok" then .remedy == null
			else (.result == "warning" or .result == "failure") and (.remedy | type == "string" and length > 0) end)
		' "$dir/check.json" >/dev/null || fail "check $*: not the array that is promised: $(cat "$dir/check.json")"
}

line() { # NAME FIELD
	jq -r --arg name "$1" --arg field "$2" '.[] | select(.name == $name) | .[$field]' "$dir/check.json"
}

is() { # NAME RESULT [PART OF VALUE [PART OF REMEDY]]
	[ "$(line "$1" result)" = "$2" ] || fail "$1: not $2: $(cat "$dir/check.json")"
	[[ $(line "$1" value) == *"${3:-}"* ]] || fail "$1: \"$3\" is not in: $(line "$1" value)"
	[[ $(line "$1" remedy) == *"${4:-}"* ]] || fail "$1: \"$4\" is not in: $(line "$1" remedy)"
}

as=()
check 0
is hugepages-2M ok 'node 0: '
is hugepage-probe ok
is cpus ok "of $(cat /sys/devices/system/cpu/online)"
is podman ok "$(podman version --format '{{.Client.Version}}')"
is runtime ok
is seccomp ok
is container-start ok 'started, ended and removed in'
[ -z "$(line subordinate-ids value)$(line runtime-folder value)" ] || fail "root is asked for what only others need"

# for people: the same lines, without colours where no terminal is
"$cvio" check >"$dir/check.txt"
if grep -q $'\033' "$dir/check.txt"; then fail "colours in a file"; fi
[ "$(grep -cE '^(ok|warning|failure) ' "$dir/check.txt")" = "$(jq length "$dir/check.json")" ] ||
	fail "not as many lines as objects: $(cat "$dir/check.txt")"
terminal() { # VARIABLE=VALUE: of the environment
	env "$@" script --quiet --return --command "$cvio check" /dev/null </dev/null >"$dir/terminal.txt"
}
terminal A=1
grep -q $'^\033\\[32mok' "$dir/terminal.txt" || fail "no colours on a terminal: $(cat "$dir/terminal.txt")"
terminal NO_COLOR=1
if grep -q $'\033' "$dir/terminal.txt"; then fail "colours with NO_COLOR"; fi

# too few hugepages, and the command that mends it
none_free() {
	echo $(($(cat $PAGES_DIR/nr_hugepages) - $(free_pages))) >$PAGES_DIR/nr_hugepages
	[ "$(free_pages)" = 0 ]
}
pages=$(cat $PAGES_DIR/nr_hugepages)
wait_for 5 none_free
check 0
is hugepages-2M warning '0 of ' 'echo '
is hugepage-probe warning 'no page of 2 MiB' 'nr_hugepages'
bash -c "$(line hugepages-2M remedy)"
check 0
is hugepages-2M ok '32 of '
is hugepage-probe ok
echo "$pages" >$PAGES_DIR/nr_hugepages
pages=

# limits of this shell
prlimit --nofile=1000:1000 --memlock=65536:65536 bash -c '
	"$1" check --json >"$2" && eval "$(jq -r ".[] | select(.name == \"open-files\").remedy" "$2")" 2>/dev/null
	ulimit -Hn >"$3"' -- "$cvio" "$dir/check.json" "$dir/limit"
is open-files warning '1000; ' 'prlimit --nofile='
is locked-memory warning '65536 bytes' 'prlimit --memlock='
[ "$(capsh --has-p=cap_sys_resource 2>/dev/null && echo yes)" != yes ] || [ "$(cat "$dir/limit")" = 65536 ] ||
	fail "the remedy for open files doesn't mend: $(cat "$dir/limit")"

# one run
check 69 $l2fwd --port "vhost-user:$dir/none/p0.sock"
is run failure 'its folder is not there' 'start the switch'
check 69 $l2fwd --port "vhost-user:$sockets/none.sock,wait=0"
is run failure 'no such socket' 'start the switch'
check 71 $l2fwd --port "vhost-user:$sockets/none.sock" --memory memfd,64G
is run failure '32768 free hugepages' 'echo'
check 66 localhost/no/such
is run failure 'not in the storage' 'podman pull'
check 64 $l2fwd --port "vhost-user:$sockets/none.sock" --cpus 1000
is run failure 'no CPU 1000'
check 0 $l2fwd --port "vhost-user:$sockets/none.sock,wait=9" --memory small
is run ok 'would start'
expect 64 '--no-such: no such option' "$cvio" check --no-such $l2fwd
expect 64 'IMAGE: is missing' "$cvio" check --port "vhost-user:$sockets/p0.sock"
expect 0 'Usage: cvio check' "$cvio" check --help

# podman isn't there, or broken
mkdir "$dir/bin"
as=(env "PATH=$dir/bin")
check 72
is podman failure 'not found in PATH' 'apt install podman'
[ -z "$(line container-start value)" ] || fail "without podman it starts a container"
as=(env "PATH=$dir/bin:$PATH")
fake_podman() { # LINES: of a shell script
	printf '#!/bin/sh\n%s\n' "$1" >"$dir/bin/podman"
	chmod +x "$dir/bin/podman"
}
fake_podman 'echo "Error: the disk is full" >&2; exit 125'
check 70
is podman failure 'the disk is full' 'podman --log-level=debug info'
fake_podman "[ \"\$1\" != run ] || { echo 'Error: crun: cgroups in hybrid mode not supported' >&2; exit 126; }
exec $(command -v podman) \"\$@\""
check 69
is container-start failure 'hybrid mode' 'apt install runc'

# an ordinary user, with no ids and no folder of its own
install -m 755 "$cvio" "$dir/cvio"
cvio=$dir/cvio
install -d -o 54321 -m 700 "$dir/home" "$dir/run"
# podman leaves a process for each user; here it ends with its name space
as=(unshare --pid --fork --kill-child --mount-proc setpriv --reuid 54321 --regid 54321 --clear-groups env -i "PATH=$PATH" "HOME=$dir/home" "TMPDIR=$dir/home")
cd "$dir" || exit
got=0
"${as[@]}" "$cvio" check --json >"$dir/check.json" || got=$?
[ "$got" != 0 ] || fail "a user without ids: status 0"
is subordinate-ids failure '0 uids in /etc/subuid' 'as root: usermod --add-subuids '
is runtime-folder failure "XDG_RUNTIME_DIR isn't set" 'loginctl enable-linger'
as+=("XDG_RUNTIME_DIR=$dir/run")
"${as[@]}" "$cvio" check --json >"$dir/check.json" && fail "a user without ids: status 0"
is runtime-folder ok "$dir/run"
[ -z "$(find "$dir/home" -maxdepth 1 -name 'cvio-check-*')" ] || fail "a user's folder is left"
as=()

# a launcher that was killed leaves its folder; a later one removes it, and nobody else's
mkdir -p "$dir/tmp/cvio-check-abcdef/etc" "$dir/tmp/cvio-check-others" "$dir/tmp/cvio-check-young" "$dir/tmp/other"
chown 54321 "$dir/tmp/cvio-check-others"
touch -d '1 hour ago' "$dir/tmp/"{cvio-check-abcdef,cvio-check-others,other}
as=(env "TMPDIR=$dir/tmp")
check 0
[ "$(cd "$dir/tmp" && echo *)" = "cvio-check-others cvio-check-young other" ] || fail "not swept: $(ls "$dir/tmp")"
as=()

# interrupted at random moments while its container starts
RANDOM=${SEED:=$$}
say "SEED=$SEED"
for _ in $(seq "${ROUNDS:-20}"); do
	after=$((RANDOM % 700))
	"$cvio" check >"$dir/interrupted.log" 2>&1 &
	launcher=$!
	sleep "$(printf '0.%03d' $after)"
	kill -TERM $launcher 2>/dev/null || true
	status=0
	wait $launcher || status=$?
	[ "$status" = 143 ] || [ "$status" = 0 ] || fail "SIGTERM after $after ms: status $status: $(cat "$dir/interrupted.log")"
done
nothing_left() {
	[ "$(left_by_check)" = "$left_before" ]
}
within 5 nothing_left || fail "left: $(left_by_check)"
