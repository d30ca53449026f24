#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Frames of 64 bytes a second through the same backend: l2fwd's image, run by cvio, against Debian's dpdk-testpmd in the
# same place with its default ring, in turn. Only windows count in which both ends had a CPU of their own.
. "$(dirname "$0")/lib.sh"

bench_begin "$@"
socket=$sockets/p0.sock

# window WHO PROCESS: adds the probe's figure to WHO's if the window is good
window() {
	local good=no mpps
	until_seen probe 10 "a first line of its result" test -s "$dir/result"
	own_cores $probe "$2" && good=yes
	wait $probe || true
	mpps=$(result '.[1].rows[0].full_speed.mpps')
	echo "$mpps" >>"$dir/$1.$good"
}

run_l2fwd() {
	probe_start "$socket" --count 1000 --seconds 2
	"$cvio" run -d --name "${prefix}l2fwd" --cpus 1 --memory memfd,32M --port "vhost-user:$socket" \
		localhost/cvio/l2fwd -- -p 1 -T 0 >/dev/null
	window l2fwd "$(podman inspect "${prefix}l2fwd" --format '{{.State.Pid}}')"
	podman rm --force --time 2 "${prefix}l2fwd" >/dev/null
}

run_testpmd() {
	probe_start "$socket" --count 1000 --seconds 2
	dpdk-testpmd --lcores 0@0,1@1 --no-pci --in-memory --single-file-segments -m 64 --file-prefix "$prefix" \
		--vdev "virtio_user0,path=$socket" -- -i --auto-start --total-num-mbufs=8192 <&8 >"$dir/app.log" 2>&1 &
	window testpmd $!
	stop $! TERM
}

for i in $(seq "$RUNS"); do
	progress "throughput: run $i of $RUNS"
	run_l2fwd
	run_testpmd
done
progress ""

echo "64-byte frames, Mpps there and back ($RUNS windows of 2 s in turn; those below $OWN_CORE % of a core left out)"
for who in l2fwd testpmd; do
	touch "$dir/$who.yes" "$dir/$who.no"
	printf '  %-10s median %s (%s), %s windows left out\n' $who "$(median <"$dir/$who.yes")" \
		"$(range <"$dir/$who.yes")" "$(wc -l <"$dir/$who.no")"
done
if [ -s "$dir/l2fwd.yes" ] && [ -s "$dir/testpmd.yes" ]; then
	printf '  l2fwd forwards %.2f times as many (wanted: 1)\n' \
		"$(jq -n "$(median <"$dir/l2fwd.yes") / $(median <"$dir/testpmd.yes")")"
else
	fail "the machine is too busy: no window in which both ends had their cores; run again"
fi
