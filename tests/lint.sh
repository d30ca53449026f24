#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Format and static analysis of everything in the tree: lint.sh format|cppcheck|shellcheck
set -euo pipefail
cd "$(dirname "$0")/.."

files() { # PATTERN…: those that git knows, or would, of our own
	git ls-files --cached --others --exclude-standard -- "$@" ':!subprojects' | while read -r f; do
		[ ! -f "$f" ] || echo "$f"
	done
}

case $1 in
format)
	files '*.c' '*.h' | xargs clang-format --dry-run -Werror ||
		{ echo "the files above aren't formatted; run: make format" >&2; exit 1; }
	;;
cppcheck)
	# DPDK's headers aren't read: what needs them to be understood is left to the compiler
	files '*.c' | xargs cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -j 2 \
		--enable=warning,performance --suppress=missingInclude --suppress=unknownMacro \
		-D_GNU_SOURCE -Ipmd -Iruntime -Ilauncher
	;;
shellcheck)
	files '*.sh' .ci/run | xargs shellcheck --severity=warning
	;;
*)
	echo "lint.sh: $1: format, cppcheck or shellcheck is wanted" >&2
	exit 64
	;;
esac
