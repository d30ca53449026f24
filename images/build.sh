#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Puts the base and every image of a build into the user's container storage, as localhost/cvio/NAME:CPU, and without a tag
# as well if the build is for the default CPU: images/build.sh BUILD_DIR [NAME…];
# without a name it is all of them.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$1
shift
default_cpu=x86-64-v3
# shellcheck source=/dev/null
. "$build/images/facts"
names=${*:-$IMAGES}
case $CPU in
aarch64) platform=linux/arm64/v8 ;;
# the level is the index's to say: podman's storage doesn't find an image of amd64 by its variant
*) platform=linux/amd64 ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT

bud() { # NAME TAG ARGS…: the folder BUILD_DIR/images/NAME is the context, images/NAME/Containerfile the last of ARGS' files
	name=$1
	image=localhost/cvio/$1:$2
	shift 2
	echo "images: $image" >&2
	before="$(image_id "$image")"
	# the image's user runs what is copied, and the image is the same under any umask
	chmod -R u=rwX,go=rX "$build/images/$name"
	if ! buildah bud --format oci --layers=false --timestamp 0 --pull-never --identity-label=false --platform $platform \
		--build-context "localhost/cvio/base=container-image://localhost/cvio/base:$CPU" \
		--tag "$image" "$@" --file "$top/images/$name/Containerfile" "$build/images/$name" >"$log" 2>&1; then
		cat "$log" >&2
		echo "images/build.sh: $image: buildah failed; see the lines above" >&2
		exit 1
	fi
	if [ "${image##*:}" = $default_cpu ]; then
		before="$before $(image_id "${image%:*}")"
		buildah tag "$image" "${image%:*}"
	fi
	# what the name pointed to before would stay, without a name; a container may still have it
	for id in $before; do
		[ "$id" = "$(image_id "$image")" ] || buildah rmi "$id" >/dev/null 2>&1 || true
	done
}

image_id() {
	podman image inspect --format '{{.Id}}' "$1" 2>/dev/null || true
}

mkdir -p "$build/images/base"
bud base "$CPU" --build-arg "CPU=$CPU" --build-arg "DPDK=$DPDK" \
	--build-arg "SECCOMP=$(cat "$build/runtime/seccomp/boot.json")" \
	--build-arg "VERSION=$VERSION"
for name in $names; do
	set -- --build-arg "NAME=$name" --file "$top/images/common/Containerfile"
	bud "$name" "$CPU" "$@"
	# the lowest level once more, for the index's entry without a variant (images/index.sh): an index of podman's has
	# each image once, so it needs a difference
	[ "$CPU" != x86-64-v2 ] || bud "$name" any "$@" --label io.cvio.platform=any
done
