#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Format and static analysis of everything in the tree: lint.sh format|cppcheck|shellcheck|waits, or reformat
set -euo pipefail
cd "$(dirname "$0")/.."

files() { # PATTERN…: those that git knows, or would, of our own; without git all but what is built
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard -- "$@" ':!subprojects'
	else
		local names=() pattern
		for pattern in "$@"; do
			names+=(-o -path "./$pattern")
		done
		find . \( -path './build*' -o -path ./subprojects -o -path ./toolchain/sysroot \) -prune -o \
			-type f \( -false "${names[@]}" \) -print
	fi | while read -r f; do
		[ ! -f "$f" ] || echo "$f"
	done
}

case $1 in
format)
	files '*.c' '*.h' | xargs clang-format --dry-run -Werror ||
		{ echo "the files above aren't formatted; run: make format" >&2; exit 1; }
	;;
reformat)
	files '*.c' '*.h' | xargs clang-format -i
	;;
cppcheck)
	# DPDK's headers aren't read: what needs them to be understood is left to the compiler. Two of cmocka's
	# macros are told: cppcheck 2.17 and later take them for functions, which use a file that was closed, and return
	files '*.c' | xargs cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -j 2 \
		--enable=warning,performance --suppress=missingInclude --suppress=unknownMacro \
		--suppress=normalCheckLevelMaxBranches \
		-D'assert_int_equal(a, b)=((a) == (b) ? (void)0 : abort())' -D'assert_non_null(p)=((p) ? (void)0 : abort())' \
		-D_GNU_SOURCE -I. -Ilauncher -Iimages
	;;
shellcheck)
	files '*.sh' '*.bash' .ci/run | xargs shellcheck --severity=warning
	;;
waits)
	# what an earlier round may have left satisfies a look at a file; and a trap of its own would skip lib.sh's end
	bad=$(files 'tests/*.sh' | grep -vE '_guest\.sh$|tests/lib\.sh$' | xargs grep -l '_begin "\$@"' |
		xargs grep -nE '(wait_for [0-9]+|until) (test|\[|grep|eval) |\b(test|\[) -S .*; do|trap [^-].* EXIT') || true
	[ -z "$bad" ] || {
		echo "$bad" >&2
		echo "these wait for what an earlier round may have left, or end without lib.sh; write launch and prints, makes, writes or ended, and at_end" >&2
		exit 1
	}
	;;
*)
	echo "lint.sh: $1: format, reformat, cppcheck, shellcheck or waits is wanted" >&2
	exit 64
	;;
esac
