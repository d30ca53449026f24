#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A program that others wrote and that is no example builds unmodified, by its own configure and make, against the SDK: Open
# vSwitch, with DPDK linked statically. It boots as every program of the SDK does, and its bridge carries the probe's
# frames between two virtio-user ports of the runtime's.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
# The distribution's, with its patches, as its package openvswitch-source has it; with configure made
version=3.1.0-2+deb12u1
hash=82dde6737921b63b284ad8399f95c7f1de94e1b96b2036dcf4a78c9f969ab03f
archive=$top/subprojects/packagecache/openvswitch-$version.tar.gz

fetch() {
	(cd "$dir" && apt-get -o APT::Sandbox::User=root download openvswitch-source="$version") >"$dir/fetch.log" 2>&1 ||
		fail "the package openvswitch-source $version can't be had; put its openvswitch.tar.gz at $archive"
	dpkg-deb --fsys-tarfile "$dir"/openvswitch-source_*.deb |
		tar --extract --to-stdout ./usr/src/openvswitch/openvswitch.tar.gz >"$archive"
}
good() {
	[ -f "$archive" ] && echo "$hash  $archive" | sha256sum --check --status
}
good || fetch
good || fail "$archive has another hash than $hash"

# the one that the SDK image is made from, which is staged already in the suite
sdk=$build/sdk-image/prefix
"$top/images/sdk/stage.sh" "$build" "$sdk" 2>"$dir/stage.log" || fail "the SDK can't be staged"
tar --extract --file "$archive" --directory "$dir"
export PATH=$sdk/bin:$PATH PKG_CONFIG_PATH=$sdk/lib/pkgconfig
mkdir "$dir/out"
cd "$dir/out" || exit
# Optimised less than it would be by default: that is half of the time, and nothing is measured
"$dir/openvswitch/configure" CC=cvio-cc CFLAGS=-O1 --with-dpdk=static --disable-ssl --disable-libcapng \
	>"$dir/configure.log" 2>&1 || fail "Open vSwitch's configure ends with $?"
# shellcheck disable=SC2016
echo 'built: $(BUILT_SOURCES)' | make -f Makefile -f - built >"$dir/make.log" 2>&1 || fail "its generated sources can't be made"
make -j2 vswitchd/ovs-vswitchd ovsdb/ovsdb-server >>"$dir/make.log" 2>&1 || fail "Open vSwitch can't be made"
! readelf --wide --program-headers vswitchd/ovs-vswitchd | grep INTERP >/dev/null || fail "ovs-vswitchd isn't static"

export OVS_RUNDIR=$sockets OVS_LOGDIR=$sockets OVS_DBDIR=$sockets OVS_SYSCONFDIR=$sockets OVS_PKGDATADIR=$sockets
python3 "$top/tests/images/ovsdb.py" create "$dir/openvswitch/vswitchd/vswitch.ovsschema" "$dir/conf.db"
ovsdb/ovsdb-server --remote="punix:$sockets/db.sock" "$dir/conf.db" >"$dir/ovsdb.log" 2>&1 &
wait_for 10 test -S "$sockets/db.sock"
python3 "$top/tests/images/ovsdb.py" switch "$sockets/db.sock" virtio_user0 virtio_user1

# of its own network, since it makes an interface br0 there
env CVIO_LOG=info CVIO_MEMORY=memfd,256M CVIO_PORTS="vhost-user:$sockets/a.sock vhost-user:$sockets/b.sock" \
	unshare --net vswitchd/ovs-vswitchd "unix:$sockets/db.sock" >"$dir/vswitchd.log" 2>&1 &
vswitchd=$!
"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$sockets/a.sock" --port "vhost-backend:$sockets/b.sock" \
	localhost/cvio/probe -- --seconds 0 --count 5000 --sizes 64,1518 --json >"$dir/probe.json" 2>"$dir/probe.log" ||
	fail "the probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent >= 5000 and .received == .sent and .damaged == 0)] | length == 2' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
kill $vswitchd
wait $vswitchd || true
kill %1
wait || true
cd "$dir" || exit
rm -f "$sockets"/*.sock "$sockets"/*.mgmt "$sockets"/*.snoop "$sockets"/*.ctl
