#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs the tests of a build: check.sh BUILD_DIR [SUITE], where "quick" is the units, lint and one end-to-end test of each kind, and
# "help" prints the suites. Prints what failed or was skipped and why, and ends with a line that counts. A skipped test is a
# failure unless it is expected: EXPECT_SKIPPED tells how many are. So is an image that the tests leave in the storage.
set -euo pipefail

here=$(dirname "$0")
build=$1
suite=${2:-}
log=$build/meson-logs/testlog.json
times=$build/tests/times # of each test, the last time: NAME SUITE RESULT SECONDS
mkdir -p "$build/tests"

if [ "$suite" = help ]; then
	exec "$here/suites.sh" "$build" "$times"
fi
if [ -n "$suite" ] && ! "$here/suites.sh" names | grep -qx -- "$suite"; then
	echo "check: no suite is named \"$suite\"; there are $("$here/suites.sh" names | xargs); SUITE=help tells more" >&2
	exit 64
fi
args=(-C "$build" --no-rebuild --print-errorlogs)
[ -z "$suite" ] || args+=(--suite "cvio:$suite")
case $suite in
quick) args+=(--suite cvio:unit --suite cvio:lint) ;;
esac

images() {
	command -v podman >/dev/null || return 0
	podman images --all --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort
}

# What is to be built of the suite: units' programs; fuzz targets only where they are run, since each takes clang some seconds.
programs() {
	case $suite in
	'' | fuzz) echo meson-test-prereq ;;
	unit | quick) meson introspect --tests "$build" | jq -r --arg build "$(realpath "$build")/" \
		'.[].cmd[0] | select(startswith($build)) | ltrimstr($build)' | sort -u ;;
	*) ;;
	esac
}

# What compilers are needed for runs beside the tests, in the time that these leave: SCHED_IDLE.
prepare() {
	"$here/../toolchain/install-packages.sh" aarch64
	setsid chrt --idle 0 "$here/prepare.sh" "$build" >"$build/tests/prepare.log" 2>&1 &
	preparing=$!
	trap 'kill -- -$preparing 2>/dev/null || true' EXIT
}

# The engine's way is found out once, not by each test.
engine() {
	# shellcheck source=tests/lib.sh
	CONTAINERS_CONF=$(. "$here/lib.sh" && engine_setup && echo "${CONTAINERS_CONF:-}")
	[ -z "$CONTAINERS_CONF" ] && unset CONTAINERS_CONF || export CONTAINERS_CONF
	export ENGINE_KNOWN=yes
}

case $suite in
unit | fuzz | lint | hosts) ;;
*)
	"$here/../toolchain/install-packages.sh" tests
	engine
	;;
esac
programs | xargs --no-run-if-empty ninja -C "$build" --quiet
case $suite in
'' | images) prepare ;;
esac
images >"$build/tests/images.before"
rm -f "$log"
status=0
meson test "${args[@]}" || status=$?
[ -s "$log" ] || { echo "check: no test is in the suite \"$suite\" of $build; run: make" >&2; exit 1; }
"$here/suites.sh" record "$log" "$times"

count() {
	jq --slurp --arg result "$1" '[.[] | select(.result == $result)] | length' "$log"
}
# lines RESULT PREFIX: of each test that ended so, the first of its lines that begins with the prefix
lines() {
	jq -r --arg result "$1" --arg prefix "$2" 'select(.result == $result) | "\($result | ascii_downcase): \(.name): \(
		[(.stderr // ""), (.stdout // "")] | join("\n") | split("\n") | map(select(startswith($prefix))) | first // "see above")"' "$log" >&2
}
passed=$(count OK)
skipped=$(count SKIP)
failed=$(($(jq --slurp length "$log") - passed - skipped))
lines SKIP SKIPPED
lines TIMEOUT FAILED
lines FAIL FAILED
if [ "$skipped" != "${EXPECT_SKIPPED:-0}" ]; then
	echo "check: $skipped tests were skipped, ${EXPECT_SKIPPED:-0} are expected" >&2
	status=1
fi
images >"$build/tests/images.after"
if ! diff "$build/tests/images.before" "$build/tests/images.after" >"$build/tests/images.diff"; then
	echo "check: the storage's images expected as they were before the tests; < has gone, > is left:" >&2
	grep '^[<>]' "$build/tests/images.diff" >&2
	status=1
fi
[ $((passed + failed)) -gt 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
