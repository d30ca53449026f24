#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Prints what is known of each component that an image may hold, a line each, as JSON: name, version, licence, and the
# source's address and hash. Those are as the wraps pin them; of libgcc, which comes with the compiler, they are the
# distribution's; and of our own code, which has no archive, the hash is that of the list of its files' hashes. Nothing of the machine or the time goes in, so that the same sources
# give the same images.
#
# components.sh COMPILER VERSION DPDK CPU: of the compiler, of cvio, of DPDK; as in images/facts.in
# components.sh sources: the files that our own hash is of
set -eu
export LC_ALL=C
top=$(cd "$(dirname "$0")/../.." && pwd)

sources() {
	(cd "$top" && find pmd runtime -type f \( -name '*.[ch]' -o -name '*.list' \) | sort)
}
if [ "$1" = sources ]; then
	sources | sed "s|^|$top/|"
	exit
fi

cc=$1
version=$2
dpdk=$3
cpu=$4

field() { # WRAP KEY
	sed -n "s/^$2 *= *//p" "$top/subprojects/$1.wrap"
}

component() { # NAME VERSION LICENCES [WRAP]: or, without a wrap, with $address and $hash
	[ -z "${4:-}" ] || address=$(field "$4" source_url) hash=$(field "$4" source_hash)
	source=
	[ -z "$address" ] || source=",\"source\":\"$address\""
	[ -z "$hash" ] || source="$source,\"sha256\":\"$hash\""
	address='' hash=''
	echo "{\"name\":\"$1\",\"version\":\"$2\",\"licenses\":\"$3\"$source},"
}

wrapped() { # NAME LICENCES: the version is that of the folder
	component "$1" "$(field "$1" directory | sed 's/.*-//')" "$2" "$1"
}

# On x86-64 it is the distribution's, made of the same source with the distribution's patches.
musl=$(field musl directory | sed 's/.*-//')
if [ "$cpu" != aarch64 ]; then
	installed=$(dpkg-query --show --showformat '${Version}' musl-dev)
	[ "${installed%-*}" = "$musl" ] || musl_source=none
	musl=$installed
fi

# gcc's source package of the distribution; another version has no hash here
gcc_version=$($cc -dumpfullversion)
libgcc() {
	case $gcc_version in
	12.2.0)
		address='pkg:deb/debian/gcc-12@12.2.0-14+deb12u1?arch=source'
		hash=b8298be16aeeb96a889c6afed0a8e2241b47452e89cc81fe65ea849d5c740fcb # gcc-12_12.2.0.orig.tar.gz
		;;
	esac
	component libgcc "$gcc_version" 'GPL-3.0-or-later WITH GCC-exception-3.1'
}

# What of this tree images may hold: to be had again by the same command
own() {
	address=pkg:generic/cvio@$version
	hash=$(cd "$top" && sources | xargs sha256sum | sha256sum | cut -c 1-64)
	component cvio "$version" BSD-3-Clause
}

address='' hash=''
echo '['
component dpdk "$dpdk" BSD-3-Clause "dpdk-${dpdk%.*}"
component musl "$musl" MIT "$([ "${musl_source:-}" = none ] || echo musl)"
libgcc
own
wrapped jansson MIT
wrapped libpcap BSD-3-Clause
echo '{"name":"application"}'
echo ']'
