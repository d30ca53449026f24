#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Backends that leave, come and leave in quick succession while the container ends: it ends with its own status, and in time.
# The binary runs without podman. ROUNDS=N makes more of them (a round takes some 0.15 s); ROUNDS=2500 is a soak of 10,000.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
ROUNDS=${ROUNDS:-40}

for mode in server client; do
	for ring in packed split; do
		python3 "$top/tests/e2e/departures.py" "$build/images/l2fwd/l2fwd" "$dir" $mode $ring "$ROUNDS" >"$dir/result" ||
			fail "$(cat "$dir/result" 2>/dev/null)"
		say "$(cat "$dir/result")"
	done
done
