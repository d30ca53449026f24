#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What the ring features of virtio-user are worth with 64-byte frames: l2fwd on one port with each set of them, in turn,
# behind the same backend. What pmd/port_args.c chooses rests on it. RUNS=N for more rounds.
. "$(dirname "$0")/lib.sh"

bench_begin "$@"
socket=$sockets/p0.sock
sets=('packed_vq=0' 'packed_vq=1' 'packed_vq=1,vectorized=1' 'packed_vq=1,vectorized=1,mrg_rxbuf=0'
	'packed_vq=0,mrg_rxbuf=0' 'packed_vq=0,mrg_rxbuf=0,in_order=0,vectorized=1')

run() { # SET
	probe_start "$socket" --count 1000 --seconds 1
	CVIO_EAL_ARGS="--vdev=virtio_user0,path=$socket,$1" CVIO_LCORES=0@1 CVIO_MEMORY=memfd,32M \
		"$build/images/l2fwd/l2fwd" -- -p 1 -T 0 >"$dir/app.log" 2>&1 &
	local app=$!
	wait $probe || true
	stop $app INT
	result '.[1].rows[0].full_speed.mpps' >>"$dir/$1"
}

for i in $(seq "$RUNS"); do
	for set in "${sets[@]}"; do
		progress "rings: round $i of $RUNS"
		run "$set"
	done
done
progress ""
base=$(median <"$dir/${sets[0]}")
echo "64-byte frames, Mpps there and back ($RUNS windows of 1 s in turn), and the ratio to the driver's default"
for set in "${sets[@]}"; do
	printf '  %-50s %7.2f  %5.2f  (%s)\n' "$set" "$(median <"$dir/$set")" \
		"$(jq -n "$(median <"$dir/$set") / $base")" "$(range <"$dir/$set")"
done
