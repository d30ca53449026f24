# SPDX-License-Identifier: BSD-3-Clause
# Open vSwitch with DPDK, Debian's, in folders of the test's own: `. "$(dirname "$0")/lib.sh"; ovs_begin "$@"`.
#
# It runs in a network of its own, since each bridge makes an interface there. One PMD thread, on CPU 0; containers run on CPU 1.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

VSWITCHD=/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk
OVS_MIB=128 # of hugepages: some 40,000 buffers

ovs_begin() {
	test_begin "$@"
	at_end ovs_end
	export OVS_RUNDIR=$dir OVS_LOGDIR=$dir OVS_DBDIR=$dir OVS_SYSCONFDIR=$dir
	ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema
	ovsdb-server --remote="punix:$dir/db.sock" --pidfile --detach --no-chdir --log-file="$dir/ovsdb.log" \
		"$dir/conf.db" 2>/dev/null
	ovs-vsctl --no-wait set Open_vSwitch . other_config:dpdk-init=true other_config:pmd-cpu-mask=0x1 \
		other_config:vhost-sock-dir=sockets \
		other_config:dpdk-socket-mem=$OVS_MIB other_config:dpdk-socket-limit=$OVS_MIB \
		"other_config:dpdk-extra=--no-pci --in-memory --single-file-segments"
}

# ovs_bridge BRIDGE: without a controller, it learns addresses
ovs_bridge() {
	ovs-vsctl --no-wait add-br "$1" -- set bridge "$1" datapath_type=netdev
}

# ovs_client BRIDGE PORT: OVS connects to the socket of a container's port with `server`
ovs_client() {
	ovs-vsctl --no-wait add-port "$1" "$2" -- \
		set interface "$2" type=dpdkvhostuserclient "options:vhost-server-path=$sockets/$2.sock"
}

# ovs_server BRIDGE PORT: OVS makes the socket, to which a container connects
ovs_server() {
	ovs-vsctl --no-wait add-port "$1" "$2" -- set interface "$2" type=dpdkvhostuser
}

# Returns when OVS is ready.
ovs_start() {
	(
		umask 0 # containers connect to the sockets that it makes
		unshare --net "$VSWITCHD" "unix:$dir/db.sock" --pidfile="$dir/vswitchd.pid" --detach --no-chdir \
			--log-file="$dir/vswitchd.log"
	) 2>"$dir/vswitchd.err" || fail "ovs-vswitchd can't start: $(cat "$dir/vswitchd.err")"
	vswitchd=$(cat "$dir/vswitchd.pid")
}

# Returns when each of its threads has ended: what it held, such as its lock, can be had again.
ovs_kill() {
	kill -KILL "$vswitchd"
	wait_for 10 ovs_gone
}

ovs_gone() {
	[ -z "$(grep -hs '^State:' "/proc/$vswitchd/task/"*/status | grep -v Z)" ]
}

ovs_end() {
	local pid
	for pid in "$dir"/*.pid; do
		kill -KILL "$(cat "$pid")" 2>/dev/null
	done
}

now_ns() { # CLOCK_MONOTONIC, as the probe has it
	echo $((${EPOCHREALTIME/./}000 - clock_offset))
}
clock_offset=$(python3 -c 'import time; print(time.time_ns() - time.monotonic_ns())')
