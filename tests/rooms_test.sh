#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/rooms.py names each kind of fault: in a copy of the tree's C sources that is broken in one way after the other.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$top" && find docs/architecture.md images launcher pmd runtime tests toolchain/musl \
	\( -name '*.[ch]' -o -name architecture.md \) -print0 | tar -cf - --null -T -) | tar -xf - -C "$dir"
page=$dir/docs/architecture.md

said=$("$top/tests/rooms.py" "$dir" 2>&1) || { echo "expected no fault in the copy, saw: $said"; exit 1; }

# faulty FILE SCRIPT TEXT: with the file changed by sed's SCRIPT, TEXT is told; then the file is as it was
faulty() {
	local status=0
	cp "$1" "$dir/kept"
	sed -i "$2" "$1"
	! cmp -s "$1" "$dir/kept" || { echo "expected that $2 changes $1"; exit 1; }
	said=$("$top/tests/rooms.py" "$dir" 2>&1) || status=$?
	[ $status = 1 ] && grep -qF -- "$3" <<<"$said" || { echo "expected status 1 and: $3; saw status $status and: $said"; exit 1; }
	mv "$dir/kept" "$1"
}

host=$dir/launcher/host/host.c
faulty "$host" '$a #include "run/plan.h"' '"run/plan.h": launcher/host may not include run'
faulty "$host" 's|"base/exit.h"|"exit.h"|' '"exit.h": is in no room'
faulty "$host" '$a #include "attic/exit.h"' '"attic/exit.h": is in no room'
faulty "$page" '/`launcher\/host`/d' 'launcher/host/ is in no row of the list'
faulty "$page" '/`launcher\/host`/s/base,/base, image,/' 'launcher/host includes nothing of image; take the arrow out'
faulty "$page" '/`launcher\/host`/s/base,/base, attic,/' 'attic: is no room of the list'
faulty "$page" '/`launcher\/base`/s/pmd/host, pmd/' 'a circle: launcher/base -> launcher/host -> launcher/base'
faulty "$page" 's|`runtime/seccomp`|`runtime/attic`|' 'runtime/attic: there is no such folder'
faulty "$page" 's/^| `/|  `/' 'no row of the list is there'
