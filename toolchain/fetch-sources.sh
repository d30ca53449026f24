#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fills subprojects/packagecache with the sources that the wraps pin: from upstream, or, where that can't be reached,
# from the distribution's source archive, which has the same files. What is there with the right hash is left alone, so
# that a filled cache needs no network.
#
# fetch-sources.sh WRAP…: names without ".wrap"
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
cache=$top/subprojects/packagecache
work=
trap 'rm -rf "$work"' EXIT
mkdir -p "$cache"

field() { # WRAP KEY
	sed -n "s/^$2 *= *//p" "$top/subprojects/$1.wrap"
}

good() { # FILE HASH
	[ -f "$1" ] && echo "$2  $1" | sha256sum --check --status
}

from_upstream() { # URL OUT
	curl --fail --silent --location --connect-timeout 5 --speed-limit 1000 --speed-time 20 --output "$2" "$1"
}

# A private apt folder with the system's own package sources, as source packages.
apt_sources() {
	[ -d "$work/etc" ] && return
	mkdir -p "$work/etc" "$work/state/lists/partial" "$work/cache/archives/partial"
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -f "$f" ] && sed 's/^Types:.*/Types: deb-src/' "$f" >"$work/etc/$(basename "$f")"
	done
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$f" ] && sed -n 's/^deb /deb-src /p' "$f" >"$work/etc/$(basename "$f" .list).list"
	done
	apt_private update >"$work/log" 2>&1 || cat "$work/log" >&2
}

apt_private() {
	apt-get -o Dir::State="$work/state" -o Dir::State::status=/var/lib/dpkg/status \
		-o Dir::Cache="$work/cache" -o Dir::Etc::sourcelist=/dev/null \
		-o Dir::Etc::sourceparts="$work/etc" -o APT::Sandbox::User=root "$@"
}

from_distribution() { # PACKAGE HASH OUT: the file is found by its hash, whatever its name
	apt_sources
	line=$(apt_private source --print-uris --download-only "$1" 2>/dev/null | grep "SHA256:$2" | head -n 1)
	[ -n "$line" ] || return 1
	mkdir -p "$work/dl"
	(cd "$work/dl" && apt_private source --download-only "$1" >"$work/log" 2>&1) || return 1
	mv "$work/dl/$(echo "$line" | cut -d ' ' -f 2)" "$3"
}

work=$(mktemp -d)
for wrap in "$@"; do
	file=$(field "$wrap" source_filename)
	hash=$(field "$wrap" source_hash)
	url=$(field "$wrap" source_url)
	package=${wrap%%-[0-9]*} # dpdk-22.11: dpdk
	good "$cache/$file" "$hash" && continue
	echo "toolchain: fetching $file" >&2
	tmp=$work/$file
	from_upstream "$url" "$tmp" 2>/dev/null && good "$tmp" "$hash" ||
		from_distribution "$package" "$hash" "$tmp" || true
	if ! good "$tmp" "$hash"; then
		echo "toolchain: $file with SHA-256 $hash is neither at $url nor in the distribution's source" \
			"archive (package $package); put it into subprojects/packagecache by hand" >&2
		exit 1
	fi
	mv "$tmp" "$cache/$file"
done
