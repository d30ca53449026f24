#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Puts the SDK of a build into the user's container storage as localhost/cvio/sdk:CPU, and as localhost/cvio/sdk for the
# default CPU: images/sdk/image.sh BUILD_DIR. BASE=IMAGE in the environment takes another root than images/sdk/root.sh's.
# Quick when nothing has changed: a label has the hash of what went in.
set -eu
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
build=$1
# shellcheck source=/dev/null
. "$build/images/facts"
image=localhost/cvio/sdk:$CPU
context=$build/sdk-image
log=$(mktemp)
trap 'rm -f "$log"' EXIT

image_id() {
	podman image inspect --format '{{.Id}}' "$1" 2>/dev/null || true
}

root=${BASE:-}
if [ -z "$root" ]; then
	"$here/root.sh" "$CPU"
	root=localhost/cvio/sdk-root
	[ "$CPU" != aarch64 ] || root=$root:aarch64
fi
mkdir -p "$context"
"$here/stage.sh" "$build" "$context/prefix"
# an image is the same under any umask
chmod -R u=rwX,go=rX "$context/prefix"

want=$(
	{
		cat "$here/Containerfile" "$0"
		echo "$CPU $DPDK $VERSION $(image_id "$root")"
		(cd "$context" && find prefix -type f -print0 | sort --zero-terminated | xargs -0 sha256sum)
	} | sha256sum | cut -c 1-64
)
before=$(image_id "$image")
if [ "$(podman image inspect --format '{{index .Labels "io.cvio.sdk"}}' "$image" 2>/dev/null)" != "$want" ]; then
	echo "sdk: $image" >&2
	# chroot: what the RUN needs of a container works wherever buildah does
	if ! buildah bud --format oci --layers=false --timestamp 0 --pull-never --isolation chroot --identity-label=false \
		--file "$here/Containerfile" --tag "$image" --label "io.cvio.sdk=$want" --build-arg "BASE=$root" \
		--build-arg "CPU=$CPU" --build-arg "DPDK=$DPDK" --build-arg "VERSION=$VERSION" \
		"$context" >"$log" 2>&1; then
		cat "$log" >&2
		echo "images/sdk/image.sh: $image can't be made on $root; see the lines above" >&2
		exit 1
	fi
fi
[ "$CPU" != x86-64-v3 ] || buildah tag "$image" localhost/cvio/sdk
# what the name pointed to before would stay, without a name; an image on it keeps it
if [ -n "$before" ] && [ "$before" != "$(image_id "$image")" ]; then
	buildah rmi "$before" >/dev/null 2>&1 || true
fi
