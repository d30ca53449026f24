#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Images start under the newest runc and crun: those of the distribution's unstable suite, unpacked aside with their own loader and
# libraries. What an engine calls in the container, between loading the profile and the start, changes from version to version.
. "$(dirname "$0")/../lib.sh"

# crun refuses hosts on which both kinds of cgroups are mounted; to this test, and what it starts, only the older one is.
if mountpoint --quiet /sys/fs/cgroup/unified && [ "$(id -u)" = 0 ]; then
	exec unshare --mount sh -c 'umount /sys/fs/cgroup/unified && exec "$@"' sh "$0" "$@"
fi
test_begin "$@"
newest=$build/newest # kept for a week

# A private apt folder: the machine's own archive, but for the suite.
apt_newest() {
	apt-get -o Dir::State="$newest/state" -o Dir::State::status=/dev/null -o Dir::Cache="$newest/cache" \
		-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$newest/etc" -o APT::Sandbox::User=root "$@" \
		>>"$dir/apt.log" 2>&1
}

unpack_newest() {
	local package list
	mkdir -p "$newest"/{etc,state/lists/partial,cache/archives/partial,root}
	for list in /etc/apt/sources.list.d/*.sources; do
		[ -f "$list" ] || continue
		awk 'BEGIN {RS = ""; ORS = "\n\n"} /debian-archive-keyring/ && !/security/' "$list" |
			sed 's/^Suites:.*/Suites: sid/' >"$newest/etc/$(basename "$list")"
	done
	for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$list" ] || continue
		sed -n '/security/d; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) [a-z]* main.*/deb \1\2 sid main/p' "$list" \
			>"$newest/etc/$(basename "$list" .list).list"
	done
	apt_newest update
	apt_newest install --yes --download-only --no-install-recommends runc crun
	for package in "$newest"/cache/archives/*.deb; do
		dpkg-deb --extract "$package" "$newest/root"
	done
}

# Its own loader and libraries, whatever the machine's are.
own_loader() {
	local libraries=$newest/root/usr/lib/x86_64-linux-gnu
	patchelf --set-interpreter "$libraries/ld-linux-x86-64.so.2" --set-rpath "$libraries" "$1"
}

if [ -z "$(find "$newest/complete" -mtime -7 2>/dev/null)" ]; then
	rm -rf "$newest"
	unpack_newest
	touch "$newest/complete"
fi
for runtime in runc crun; do
	program=$(find "$newest/root/usr" -path "*bin/$runtime" -type f -print -quit)
	own_loader "$program"
	version=$("$program" --version | sed -n 1p)
	sed "s|^runtime = .*|runtime = \"$program\"|" "$top/tests/containers.conf" >"$dir/containers.conf"
	socket=$sockets/$runtime.sock
	testpmd_backend "$socket"
	# twice, since threads that Go starts at that moment call what others don't
	for round in 1 2; do
		CONTAINERS_CONF=$dir/containers.conf "$cvio" run -d --name "$prefix$runtime" --memory small \
			--port "vhost-user:$socket" localhost/cvio/l2fwd >"$dir/$runtime.log" 2>&1 ||
			fail "$version, round $round: expected a started image, saw: $(tail -n 1 "$dir/$runtime.log")"
		used=$(podman inspect --format '{{.OCIRuntime}}' "$prefix$runtime")
		[ "$used" = "$program" ] || fail "expected that podman uses $program, saw $used"
		CONTAINERS_CONF=$dir/containers.conf podman rm --force --time 1 "$prefix$runtime" >/dev/null
	done
	testpmd_stop
	say "$version starts images"
done
