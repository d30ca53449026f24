#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Nothing is lost of what a program prints: `podman logs` shows each line while it runs, and a line without an end once
# SIGTERM, rte_exit() or rte_panic() has ended it; in the foreground and in the background.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/${prefix}output
name=${prefix}output
image_own "$image"
ninja -C "$build" --quiet tests/output >&2
mkdir "$dir/context"
cp "$build/tests/output" "$dir/context/"
printf 'FROM localhost/cvio/base\nCOPY output /output\nENV CVIO_MEMORY="small,32M"\nENTRYPOINT ["/output", "--"]\n' \
	>"$dir/context/Containerfile"
buildah bud --quiet --layers=false --pull-never --tag "$image" "$dir/context" >/dev/null 2>&1

lines='before main
before main, second line
before EAL
after EAL
number 2'

# is FILE TEXT: what a file holds
is() {
	[ "$(cat "$1")" = "$2" ] || fail "$1 is \"$(cat "$1")\", not \"$2\""
}

logs() {
	podman logs "$name" >"$dir/out.log" 2>"$dir/err.log"
}

logs_have() {
	logs && grep -q "$1" "$dir/out.log"
}

"$cvio" run -d --name "$name" --memory small,32M "$image" >/dev/null
wait_for 10 logs_have 'number 2'
logs
is "$dir/out.log" "$lines"
podman stop --time 5 "$name" >/dev/null
logs
is "$dir/out.log" "$lines
a line!"
grep -q 'to stderr$' "$dir/err.log" || fail "stderr is \"$(cat "$dir/err.log")\", without \"to stderr\""
status=$(podman inspect "$name" --format '{{.State.ExitCode}}')
[ "$status" = 143 ] || fail "it ended with $status, not 143"
podman rm "$name" >/dev/null

OUT=$dir/out launch run "$cvio" run --name "$name" --memory small,32M "$image"
writes run "$dir/out" 'number 2' 10
prints run 'to stderr' 10
kill "$run"
ended run 143
is "$dir/out" "$lines
a line!"

# ends HOW STATUS…: the program ends itself
ends() {
	local how=$1 status=0
	shift
	"$cvio" run --name "$name" --memory small,32M "$image" -- "$how" >"$dir/out.log" 2>"$dir/err.log" || status=$?
	[[ " $* " == *" $status "* ]] || fail "$how: it ended with $status, not $*: $(cat "$dir/err.log")"
	is "$dir/out.log" "$lines"
	grep -q "rte_$how" "$dir/err.log" || fail "$how: stderr is \"$(cat "$dir/err.log")\", without \"rte_$how\""
}
ends exit 3
# the kernel drops PID 1's SIGABRT; then abort() makes a fault
ends panic 134 139
