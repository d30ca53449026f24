#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Prints what of DPDK a program gets only if it asks for it, or not at all: "NAME REMEDY", a line each, NAME a public header or
# function. cvio-cc looks there when a build fails.
#
# missing.sh DPDK_SOURCE PREFIX OPTIONAL: OPTIONAL are the drivers of class net with a pkg-config file
set -eu
export LC_ALL=C
source=$1
prefix=$2
optional=$3

for folder in "$source"/lib/* "$source"/drivers/*/*; do
	[ -d "$folder" ] || continue
	part=${folder#"$source/"}
	case $part in
	lib/*) name=${part#lib/} ;;
	*) name=$(echo "${part#drivers/}" | tr / _) ;;
	esac
	remedy="is of DPDK's $part, which this SDK doesn't have"
	if [ -f "$prefix/lib/librte_$name.a" ]; then
		case " $optional " in
		*" ${name#net_} "*) remedy="is of the driver ${name#net_}: pkg-config --cflags --libs cvio-${name#net_}" ;;
		*) continue ;;
		esac
	fi
	for header in "$folder"/rte_*.h; do
		[ ! -f "$header" ] || [ -f "$prefix/include/$(basename "$header")" ] || echo "$(basename "$header") $remedy"
	done
	[ ! -f "$folder/version.map" ] || sed -n "s|^[[:space:]]*\(rte_[a-z0-9_]*\);.*|\1 $remedy|p" "$folder/version.map"
done
