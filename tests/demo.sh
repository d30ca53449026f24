#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The main job, to look at: the test plan "virtio-user for container networking". Our probe is the vhost-user backend,
# DPDK's unmodified l2fwd the application, each an unprivileged container. Ends with 0 only if at a paced rate every
# frame came back undamaged.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034
PAGES_WANTED=128
test_begin "$@"

# case TITLE QUEUES IMAGE [ARGS…]: the probe sends, IMAGE sends back
demo_case() {
	local title=$1 queues=$2 image=$3
	local socket=$sockets/net$queues-$image.sock
	shift 3
	printf '\n%s\n' "$title"
	"$cvio" run --name "${prefix}sender" --cpus 0 --port "vhost-backend:$socket,queues=$queues" \
		localhost/cvio/probe &
	local probe=$!
	"$cvio" run -d --name "$prefix$image" --cpus 1 --port "vhost-user:$socket,queues=$queues" \
		"localhost/cvio/$image" "$@" >/dev/null
	wait $probe || fail "$title: frames were lost or damaged, or the probe could not measure"
	podman rm --force --time 2 "$prefix$image" >/dev/null
}

demo_case "Case 1: l2fwd, one queue" 1 l2fwd
demo_case "Case 2: l2fwd on a port of two queues (l2fwd itself uses one)" 2 l2fwd
demo_case "Case 2, both queues in use: the probe as a reflector" 2 probe -- --echo

printf '\nImages, compressed:\n'
for image in l2fwd probe; do
	printf '  localhost/cvio/%-6s %5.1f KiB\n' $image "$(jq -n "$(image_size $image) / 1024")"
done

printf '\nBoot of l2fwd:\n'
socket=$sockets/boot.sock
"$cvio" run -d --name "${prefix}probe" --cpus 0 --port "vhost-backend:$socket" localhost/cvio/probe >/dev/null
"$cvio" run -d --name "${prefix}l2fwd" --cpus 1 --port "vhost-user:$socket" --podman-args '--env CVIO_LOG=debug' \
	localhost/cvio/l2fwd >/dev/null
ledger=$(podman logs "${prefix}l2fwd" 2>&1 | sed -n 's/^.*cvio: boot: /  /p; s/^.*cvio: ready in/  in all/p')
echo "$ledger"
[ "$(wc -l <<<"$ledger")" = 7 ] || fail "the boot ledger is not whole"
podman rm --force --time 2 "${prefix}l2fwd" "${prefix}probe" >/dev/null

printf '\ndemo: passed; at the paced rate no frame was lost or damaged\n'
