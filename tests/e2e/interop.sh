#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A backend that we did not write: Debian's dpdk-testpmd with net_vhost is the switch between two containers. The probe
# sends, l2fwd sends back, and every frame is checked.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"

# exchange QUEUES: all frame sizes, none lost or damaged
exchange() {
	local queues=$1
	testpmd_backend "$sockets/a$queues.sock" "$queues" "$sockets/b$queues.sock"
	testpmd_say start >/dev/null
	"$cvio" run -d --name "${prefix}l2fwd" --cpus 1 --port "vhost-user:$sockets/b$queues.sock,queues=$queues" \
		localhost/cvio/l2fwd >/dev/null
	"$cvio" run --name "${prefix}probe" --cpus 1 --port "vhost-user:$sockets/a$queues.sock,queues=$queues" \
		localhost/cvio/probe -- --count 20000 --rate 20000 --seconds 0 --json >"$dir/probe.json" ||
		fail "$queues queues: the probe ended with $?: $(cat "$dir/probe.json")"
	jq -e '[.rows[] | .paced | select(.sent == 20000 and .received == 20000 and .lost == 0 and .damaged == 0)] | length == 6' \
		"$dir/probe.json" >/dev/null || fail "$queues queues: $(cat "$dir/probe.json")"
	podman rm --force --time 2 "${prefix}l2fwd" >/dev/null
	testpmd_stop
}

exchange 1
exchange 2
