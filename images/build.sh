#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Puts localhost/cvio/base and every image of a build into the user's container storage: images/build.sh BUILD_DIR.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$1
# shellcheck source=/dev/null
. "$build/images/facts"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

bud() { # NAME ARGS…: the folder BUILD_DIR/images/NAME is the context
	name=$1
	shift
	echo "images: localhost/cvio/$name" >&2
	before=$(image_id "$name")
	# the image's user runs what is copied, and the image is the same under any umask
	chmod -R u=rwX,go=rX "$build/images/$name"
	if ! buildah bud --format oci --layers=false --timestamp 0 --pull-never \
		--file "$top/images/$name/Containerfile" --tag "localhost/cvio/$name" "$@" \
		"$build/images/$name" >"$log" 2>&1; then
		cat "$log" >&2
		echo "images/build.sh: localhost/cvio/$name: buildah failed; see the lines above" >&2
		exit 1
	fi
	# what the name pointed to before would stay, without a name; a container may still have it
	if [ -n "$before" ] && [ "$before" != "$(image_id "$name")" ]; then
		buildah rmi "$before" >/dev/null 2>&1 || true
	fi
}

image_id() {
	podman image inspect --format '{{.Id}}' "localhost/cvio/$1" 2>/dev/null || true
}

mkdir -p "$build/images/base"
bud base --build-arg "CPU=$CPU" --build-arg "DPDK=$DPDK" \
	--build-arg "SECCOMP=$(cat "$build/runtime/seccomp/boot.json")" \
	--build-arg "VERSION=$VERSION"
for name in $IMAGES; do
	bud "$name"
done
