#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Format and static analysis of everything in the tree, and how commits are described: lint.sh format|cppcheck|shellcheck|waits|
# codespell|commits, or reformat
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

# Those that the branch's upstream doesn't have; without an upstream the newest 20. Only commits after the one that brought this
# check, which in a shallow clone may be the oldest: that one seems to bring all.
commits() {
	local first upstream
	git rev-parse --verify --quiet HEAD >/dev/null 2>&1 || return 0
	first=$(git log --format=%H -G'^commits_check\(\)' -- tests/lint.sh | tail -n 1)
	[ -n "$first" ] || return 0
	upstream=$(git rev-parse --verify --quiet '@{upstream}' 2>/dev/null) || upstream=
	if [ -n "$upstream" ]; then
		git rev-list --no-merges HEAD "^$first" "^$upstream"
	else
		git rev-list --no-merges --max-count=20 HEAD "^$first"
	fi
}

commits_check() {
	local id subject lines failed=
	wrong() {
		echo "${id:0:9}: \"$subject\": $1" >&2
		failed=yes
	}
	for id in $(commits); do
		subject=$(git show --no-patch --format=%s "$id")
		lines=$(git show --numstat --format= "$id" | awk '{lines += $1 + $2} END {print lines + 0}')
		[[ $subject =~ ^[a-z0-9_./,\ -]+:\ [^\ ] ]] || wrong "\"area: what it does\" is wanted"
		[ "${#subject}" -le 72 ] || wrong "it has ${#subject} characters; 72 at most"
		[[ $subject != *. ]] || wrong "it ends with a period; leave that out"
		[ "$lines" -le 20 ] || git show --no-patch --format=%b "$id" | grep -q . ||
			wrong "$lines lines are changed; a body that says why is wanted above 20"
	done
	[ -z "$failed" ] || { echo "mend the commits above: git rebase --interactive, reword" >&2; exit 1; }
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
		xargs grep -nE '((wait_for|within) [0-9]+|until) (test|\[|grep|eval) |\b(test|\[) -S .*; do|trap [^-].* EXIT') || true
	[ -z "$bad" ] || {
		echo "$bad" >&2
		echo "these wait for what an earlier round may have left, or end without lib.sh; write launch and prints, makes, writes or ended, and at_end" >&2
		exit 1
	}
	;;
codespell)
	# \n and the like are left out: "\nnumber" is no word
	files '*' | xargs codespell --ignore-words tests/codespell.list --ignore-regex '\\[a-z]' ||
		{ echo "mend the words above, or add what is right to tests/codespell.list" >&2; exit 1; }
	;;
commits)
	commits_check
	;;
*)
	echo "lint.sh: $1: format, reformat, cppcheck, shellcheck, waits, codespell or commits is wanted" >&2
	exit 64
	;;
esac
