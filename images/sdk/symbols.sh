#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Prints whose each symbol is that an image may hold: "symbol component part", a line each, for finish.sh.
#
# CROSS=… symbols.sh COMPILER ARCHIVE…: the archives that programs link; the C library's and the compiler's are found by
# COMPILER. CROSS, if set, stands before the names of the binary utilities. Each line has a fourth word: global, local, or
# inline for what looks like a function of DPDK's headers, which was not inlined there.
# Objects for the link-time optimiser have no symbol table that names what is static; its own tool knows, and stops at
# others. A symbol of several parts has several lines; finish.sh chooses.
set -eu
export LC_ALL=C
cc=$1
cross=${CROSS:-}
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# what the compiler adds of its own accord
echo 'int main(void) { return 0; }' >"$work/main.c"
(cd "$work" && $cc -static -no-pie -o main main.c -Wl,--print-map) |
	sed -n 's/^LOAD \(\/.*\/\([^/]*crt[^/]*\.o\|libc\.a\|libgcc[^/]*\.a\)\)$/\1/p' >"$work/own"
grep -q '/libc\.a$' "$work/own" || {
	echo "images/sdk/symbols.sh: $cc links no static libc.a" >&2
	exit 1
}

# component and part of an archive
whose() {
	name=$(basename "$1")
	name=${name%.a}
	case $1 in
	*/lib/librte_*) echo "dpdk lib/${name#librte_}" ;;
	*/drivers/librte_*)
		name=${name#librte_}
		echo "dpdk drivers/${name%%_*}/${name#*_}"
		;;
	*/libcvio.a) echo "cvio runtime" ;;
	*/librte_net_pools.a) echo "cvio drivers/net/pools" ;;
	*/libpmd.a | */libpmd-grammar.a) echo "cvio pmd" ;;
	*/libc.a | */*crt[1in].o) echo "musl libc" ;;
	*/libgcc*.a | */crtbegin*.o | */crtend*.o) echo "libgcc libgcc" ;;
	*/libpcap.a) echo "libpcap libpcap" ;;
	*) echo "${name#lib} ${name#lib}" ;;
	esac
}

{
	for archive; do
		echo "$archive"
	done
	cat "$work/own"
} | while read -r archive; do
	whose=$(whose "$archive")
	rm -rf "$work/objects"
	mkdir "$work/objects"
	case $(head -c 7 "$archive") in
	'!<thin>') "${cross}ar" t "$archive" >"$work/list" ;;
	'!<arch>')
		path=$(readlink -f "$archive")
		(cd "$work/objects" && "${cross}ar" x "$path")
		find "$work/objects" -type f >"$work/list"
		;;
	*) echo "$archive" >"$work/list" ;;
	esac
	# a dot and what follows are the compiler's
	xargs grep --files-with-matches '\.gnu\.lto_' <"$work/list" >"$work/lto" || true
	xargs --no-run-if-empty "${cross}lto-dump" -list -defined-only <"$work/lto" 2>/dev/null |
		sed -n -e 's/^f[a-z]* .* \(_*rte_[A-Za-z0-9_]*\)[^ ]*  *$/\1 inline/p; t' \
			-e 's/^[fv][a-z]* .* \([A-Za-z_][A-Za-z0-9_]*\)[^ ]*  *$/\1 local/p' >"$work/names"
	# the global ones, and all of what isn't for the optimiser: the C library, code in assembly
	"${cross}gcc-nm" --defined-only --format=posix "$archive" 2>/dev/null |
		sed -n -e 's/^\([A-Za-z_][A-Za-z0-9_]*\)[^ ]* [A-Z] .*/\1 global/p' \
			-e 's/^\([A-Za-z_][A-Za-z0-9_]*\)[^ ]* [a-z] .*/\1 local/p' >>"$work/names"
	# of the two, global comes first and stays
	sort -u "$work/names" | sort -u -k 1,1 --stable | sed "s|^\([^ ]*\) |\1 $whose |"
done | sort -u
