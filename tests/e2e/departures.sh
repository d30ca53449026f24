#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Backends that leave, come and leave in quick succession while the container ends: it ends with its own status, and in time.
# The binary runs without podman. ROUNDS=N makes more of them (a round takes some 0.15 s), with packed rings as well: with these, one
# container in about 1,000 still ends otherwise, since a ring is reset under an lcore that has been preempted for over 1 ms
# (docs/architecture.md, 0024), and `make check` isn't to fail by luck.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
rings=${ROUNDS:+packed }split

for mode in server client; do
	for ring in $rings; do
		python3 "$top/tests/e2e/departures.py" "$build/images/l2fwd/l2fwd" "$dir" $mode $ring "${ROUNDS:-80}" >"$dir/result" ||
			fail "$(cat "$dir/result" 2>/dev/null)"
		say "$(cat "$dir/result")"
	done
done
