#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Prints what is known of each component that an image may hold, a line each, as JSON: name, version, licence, and the
# source's address and hash as the wraps pin them. Nothing of the machine or the time goes in, so that the same sources
# give the same images.
#
# components.sh COMPILER VERSION DPDK CPU: of the compiler, of cvio, of DPDK; as in images/facts.in
set -eu
export LC_ALL=C
top=$(cd "$(dirname "$0")/../.." && pwd)
cc=$1
version=$2
dpdk=$3
cpu=$4

field() { # WRAP KEY
	sed -n "s/^$2 *= *//p" "$top/subprojects/$1.wrap"
}

component() { # NAME VERSION LICENCES [WRAP]
	source=
	[ -z "${4:-}" ] || source=",\"source\":\"$(field "$4" source_url)\",\"sha256\":\"$(field "$4" source_hash)\""
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

echo '['
component dpdk "$dpdk" BSD-3-Clause "dpdk-${dpdk%.*}"
component musl "$musl" MIT "$([ "${musl_source:-}" = none ] || echo musl)"
component libgcc "$($cc -dumpfullversion)" 'GPL-3.0-or-later WITH GCC-exception-3.1'
component cvio "$version" BSD-3-Clause
wrapped jansson MIT
wrapped libpcap BSD-3-Clause
echo '{"name":"application"}'
echo ']'
