#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A backend that we did not write: Debian's dpdk-testpmd with net_vhost is the switch between two containers. The probe
# sends, another image sends back, and every frame is checked.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"

# exchange QUEUES IMAGE [ARGS…]: all frame sizes, none lost or damaged
exchange() {
	local queues=$1 image=$2
	local near=$sockets/near$1.sock far=$sockets/far$1.sock
	shift 2
	testpmd_backend "$near" "$queues" "$far"
	testpmd_say start >/dev/null
	"$cvio" run -d --name "${prefix}far" --cpus 1 --port "vhost-user:$far,queues=$queues" \
		"localhost/cvio/$image" "$@" >/dev/null
	"$cvio" run --name "${prefix}near" --cpus 1 --port "vhost-user:$near,queues=$queues" \
		localhost/cvio/probe -- --count 5000 --rate 20000 --seconds 0 --json >"$dir/probe.json" ||
		fail "$queues queues: the probe ended with $?: $(cat "$dir/probe.json")"
	jq -e --argjson queues "$queues" '.ports[0].queue_pairs_used == $queues and ([.rows[].paced |
		select(.sent == 5000 and .received == 5000 and .lost == 0 and .damaged == 0)] | length == 6)' \
		"$dir/probe.json" >/dev/null || fail "$queues queues: $(cat "$dir/probe.json")"
	podman rm --force --time 2 "${prefix}far" >/dev/null
	testpmd_stop
}

exchange 1 l2fwd
exchange 2 probe -- --echo # l2fwd uses one queue, however many there are
