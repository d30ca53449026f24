#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The tree builds on another release than this one, Debian 13, without a warning; the unit tests pass there, and l2fwd and the
# probe, as processes, pass frames. `make hosts` does much more, on more releases, and takes as many minutes.
. "$(dirname "$0")/lib.sh"

host_begin
host_root trixie
host_tree "$work/src"
if ! host_run trixie alone tests/hosts/guest.sh versions some unit forward >"$work/log" 2>&1; then
	tail -n 60 "$work/log"
	say "FAILED: on Debian 13: $(awk -F '|' '$2 != "ok" {print $1 ": " $3}' "$work/upper/result" | paste -sd ' ')"
	exit 1
fi
awk -F '|' '{print $1 ": " $3}' "$work/upper/result"
