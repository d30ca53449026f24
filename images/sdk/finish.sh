#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Finishes a linked program: writes into it what it is made of, as the section .cvio.sbom, and strips it.
#
# finish.sh [-g] FACTS IN OUT: FACTS is a folder with `symbols` (symbols.sh prints it) and `components.json` (components.sh
# does); with -g the symbols stay. CROSS, if set, stands before the names of the binary utilities.
#
# The bytes are those of symbols in the file: code and data, not what is zeroed at start. A function that the optimiser
# inlined counts for its caller. A part is in the program if a global symbol that only it has is, or two others; a driver
# always has a global one. A name that several such parts have, and a constant that the compiler made, count for the part of the symbol before, if that can have it: the
# optimiser keeps together what was together. It makes one of all constructors, which are DPDK's, as are functions of its
# headers that were not inlined. What no part has is the application's.
set -eu
export LC_ALL=C
strip=--strip-all
if [ "$1" = -g ]; then
	strip=
	shift
fi
facts=$1
in=$2
out=$3
cross=${CROSS:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# type, address, size, name; each byte once where symbols lie over each other, the widest first
"${cross}nm" --defined-only --format=posix --radix=d "$in" |
	awk '$2 !~ /^[aAbBcNn]$/ && $4 > 0 {print $2, $3, $4, $1}' | sort -k 2,2n -k 3,3nr -k 4,4 >"$work/symbols"
ln "$work/symbols" "$work/again"

awk '
	function add(name, part, bytes) {
		if (!((name, part) in sum))
			parts[name] = parts[name] (parts[name] == "" ? "" : "\n") part
		sum[name, part] += bytes
	}
	function json(name, list, count, i, j, t, text) {
		count = split(parts[name], list, "\n")
		for (i = 2; i <= count; i++)
			for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
				t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
			}
		for (i = 1; i <= count; i++)
			text = text (i == 1 ? "" : ",") "\"" list[i] "\":" sum[name, list[i]]
		return "\"parts\":{" text "}}"
	}
	FILENAME == ARGV[1] {
		owner[$1] = $2 " " $3
		whose[$1] = whose[$1] owner[$1] "\n"
		owners[$1]++
		weight[$1] = $4 == "global" ? 2 : $4 == "local"
		if ($1 ~ /_pmd_info$/)
			driver[owner[$1]]
		next
	}
	FILENAME == ARGV[2] {
		name = $4
		sub(/\..*/, "", name)
		if (owners[name] == 1 && (weight[name] == 2 || !(owner[name] in driver)) && !met[name]++)
			linked[owner[name]] += weight[name]
		next
	}
	FILENAME == ARGV[3] {
		name = $4
		sub(/\..*/, "", name)
		start = $2 + 0; end = $2 + $3
		if (start < past) start = past
		if (end <= start) next
		past = end
		chosen = name ~ /^(__)?rte_/ ? "dpdk headers" : "application code"
		if (name ~ /^(C|CSWTCH|__compound_literal|__func__|__PRETTY_FUNCTION__)$/ && before != "")
			chosen = before
		else if (name ~ /^_(GLOBAL_)?_?sub_I_/)
			chosen = "dpdk constructors"
		else {
			found = 0
			count = split(whose[name], candidate, "\n") - 1
			for (i = 1; i <= count; i++)
				if (linked[candidate[i]] >= 2 && (!found++ || candidate[i] == before))
					chosen = candidate[i]
		}
		before = chosen
		split(chosen, t, " ")
		add(t[1], t[2], end - start)
		next
	}
	# components.json has one component a line, in the order in which they are listed
	match($0, /"name":"[^"]*"/) {
		name = substr($0, RSTART + 8, RLENGTH - 9)
		if (!(name in parts)) next
		sub(/}.*/, "")
		printf "%s%s,%s", listed++ ? "," : "{\"format\":1,\"components\":[", $0, json(name)
		delete parts[name]
	}
	END {
		for (name in parts) {
			print "finish.sh: nothing is known of component " name >"/dev/stderr"
			exit 1
		}
		print "]}"
	}' "$facts/symbols" "$work/symbols" "$work/again" "$facts/components.json" >"$work/sbom"

"${cross}objcopy" --remove-section .cvio.sbom --add-section ".cvio.sbom=$work/sbom" "$in" "$work/out"
[ -z "$strip" ] || "${cross}strip" $strip "$work/out"
mv "$work/out" "$out"
