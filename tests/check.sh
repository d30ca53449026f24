#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs the tests of a build: check.sh BUILD_DIR [SUITE]. Prints what failed or was skipped and why, and ends with a line
# that counts. A skipped test is a failure unless it is expected: EXPECT_SKIPPED tells how many are.
set -euo pipefail

build=$1
suite=${2:-}
args=(-C "$build" --no-rebuild --print-errorlogs)
[ -z "$suite" ] || args+=(--suite "cvio:$suite")

case $suite in
unit | fuzz | lint) ;;
*) "$(dirname "$0")/../toolchain/install-packages.sh" tests ;;
esac
log=$build/meson-logs/testlog.json
rm -f "$log"
ninja -C "$build" --quiet meson-test-prereq
status=0
meson test "${args[@]}" || status=$?
if [ ! -s "$log" ]; then
	echo "check: no test is in the suite \"$suite\"; there are unit, fuzz, lint, e2e, images, bundle, launcher, kernel and ovs" >&2
	exit 1
fi

count() {
	jq --slurp --arg result "$1" '[.[] | select(.result == $result)] | length' "$log"
}
passed=$(count OK)
skipped=$(count SKIP)
failed=$(($(jq --slurp length "$log") - passed - skipped))
jq -r 'select(.result == "SKIP") | "skipped: \(.name): \(.stderr // "" | split("\n") | map(select(startswith("SKIPPED"))) | join(" "))"' \
	"$log" >&2
if [ "$skipped" != "${EXPECT_SKIPPED:-0}" ]; then
	echo "check: $skipped tests were skipped, ${EXPECT_SKIPPED:-0} are expected" >&2
	status=1
fi
[ $((passed + failed)) -gt 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
