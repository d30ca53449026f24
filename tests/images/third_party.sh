#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A program that others wrote and that is no example builds unmodified, by its own configure and make, against the SDK: Open
# vSwitch, with DPDK linked statically. It boots as every program of the SDK does, and its bridge carries the probe's
# frames between two virtio-user ports of the runtime's.
. "$(dirname "$0")/../lib.sh"

"$top/tests/prepare.sh" "$1" openvswitch || fail "Open vSwitch to be made by its configure and make expected"
test_begin "$@"
made=$build/tests/openvswitch
cd "$made/out" || exit
! readelf --wide --program-headers vswitchd/ovs-vswitchd | grep INTERP >/dev/null || fail "ovs-vswitchd isn't static"

export OVS_RUNDIR=$sockets OVS_LOGDIR=$sockets OVS_DBDIR=$sockets OVS_SYSCONFDIR=$sockets OVS_PKGDATADIR=$sockets
python3 "$top/tests/images/ovsdb.py" create "$made/openvswitch/vswitchd/vswitch.ovsschema" "$dir/conf.db"
launch ovsdb ovsdb/ovsdb-server --remote="punix:$sockets/db.sock" "$dir/conf.db"
makes ovsdb "$sockets/db.sock"
python3 "$top/tests/images/ovsdb.py" switch "$sockets/db.sock" virtio_user0 virtio_user1

# of its own network, since it makes an interface br0 there
launch vswitchd env CVIO_LOG=info CVIO_MEMORY=memfd,256M CVIO_PORTS="vhost-user:$sockets/a.sock vhost-user:$sockets/b.sock" \
	unshare --net vswitchd/ovs-vswitchd "unix:$sockets/db.sock"
"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$sockets/a.sock" --port "vhost-backend:$sockets/b.sock" \
	localhost/cvio/probe -- --seconds 0 --count 5000 --sizes 64,1518 --json >"$dir/probe.json" 2>"$dir/probe.log" ||
	fail "the probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent >= 5000 and .received == .sent and .damaged == 0)] | length == 2' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
killed vswitchd TERM
killed ovsdb TERM
cd "$dir" || exit
rm -f "$sockets"/*.sock "$sockets"/*.mgmt "$sockets"/*.snoop "$sockets"/*.ctl
