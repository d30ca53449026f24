# SPDX-License-Identifier: BSD-3-Clause
# Files of others that a test needs and that aren't worth a place in the tree: each is cut out of a package of the
# distribution, pinned by its hash, and kept in subprojects/packagecache, so that a filled cache needs no network.
# shellcheck shell=bash
# shellcheck disable=SC2154 # top and dir are lib.sh's

fetch_cache=$top/subprojects/packagecache

# apt with lists of its own, from the system's own mirrors: fetch_apt deb|deb-src SUITE COMMAND…; SUITE "" is the system's
fetch_apt() {
	local kind=$1 suite=$2 f apt=$dir/apt-$1-$2
	shift 2
	if [ ! -d "$apt" ]; then
		mkdir -p "$apt/etc" "$apt/state/lists/partial" "$apt/cache/archives/partial"
		for f in /etc/apt/sources.list.d/*.sources; do
			[ ! -f "$f" ] || sed -e "s/^Types:.*/Types: $kind/" -e "${suite:+s/^Suites:.*/Suites: $suite/}" "$f" \
				>"$apt/etc/$(basename "$f")"
		done
		for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
			[ ! -f "$f" ] || sed -n -E "s/^deb (\[[^]]*\] )?([^ ]+) ([^ ]+)/$kind \1\2 ${suite:-\3}/p" "$f" \
				>"$apt/etc/$(basename "$f" .list).list"
		done
		fetch_apt "$kind" "$suite" update >"$dir/fetch.log" 2>&1 || true # an entry may lack the suite
	fi
	apt-get -o Dir::State="$apt/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$apt/cache" \
		-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/etc" -o APT::Sandbox::User=root "$@"
}

fetch_good() { # FILE HASH
	[ -f "$fetch_cache/$1" ] && echo "$2  $fetch_cache/$1" | sha256sum --check --status
}

# A file of a binary package: fetch_package FILE HASH SUITE PACKAGE VERSION MEMBER
fetch_package() {
	fetch_good "$1" "$2" && return
	mkdir -p "$fetch_cache" "$dir/fetched"
	(cd "$dir/fetched" && fetch_apt deb "$3" download "$4=$5") >>"$dir/fetch.log" 2>&1 ||
		fail "the package $4 $5 can't be had; put its $6 at $fetch_cache/$1"
	dpkg-deb --fsys-tarfile "$dir/fetched/$4"_*.deb | tar --extract --to-stdout "./$6" >"$fetch_cache/$1"
	fetch_good "$1" "$2" || fail "$fetch_cache/$1 has another hash than $2"
}

# A file of the distribution's sources: fetch_source FILE HASH PACKAGE VERSION MEMBER
fetch_source() {
	fetch_good "$1" "$2" && return
	mkdir -p "$fetch_cache" "$dir/fetched"
	(cd "$dir/fetched" && fetch_apt deb-src "" source --download-only "$3=$4") >>"$dir/fetch.log" 2>&1 ||
		fail "the source of $3 $4 can't be had; put its $5 at $fetch_cache/$1"
	tar --extract --to-stdout --wildcards --file "$(echo "$dir/fetched/$3"_*.orig.tar.*)" "*/$5" >"$fetch_cache/$1"
	fetch_good "$1" "$2" || fail "$fetch_cache/$1 has another hash than $2"
}
