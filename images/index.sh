#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Makes localhost/cvio/NAME:multi, an image index of all CPUs, of each image: images/index.sh BUILD_DIR [NAME…]. The builds
# for the CPUs that BUILD_DIR isn't for are beside it, in BUILD_DIR-CPU.
#
# The first entry has no variant, and its image runs on x86-64-v2: podman alone asks for a variant on no amd64 machine, and
# finds only that. cvio run takes the best (launcher/variant.c).
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$1
shift
# shellcheck source=/dev/null
. "$build/images/facts"
for cpu in x86-64-v2 x86-64-v3 x86-64-v4 aarch64; do
	folder=$build-$cpu
	[ "$cpu" != "$CPU" ] || folder=$build
	echo "images: $cpu in $folder" >&2
	make --no-print-directory -C "$top" BUILD="$(realpath -m "$folder")" CPU=$cpu DPDK="${DPDK%.*}" IMAGES="$*" images >/dev/null
done

index=
add() { # TAG ARCHITECTURE [VARIANT]
	buildah manifest add --os linux --arch "$2" ${3:+--variant "$3"} "$index" \
		"containers-storage:${index%:*}:$1" >/dev/null
}

# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $IMAGES
for name; do
	index=localhost/cvio/$name:multi
	echo "images: $index" >&2
	# exists: or the command would remove an image that has the name
	! podman manifest exists "$index" || podman manifest rm "$index" >/dev/null
	buildah manifest create "$index" >/dev/null
	add any amd64
	add x86-64-v2 amd64 v2
	add x86-64-v3 amd64 v3
	add x86-64-v4 amd64 v4
	add aarch64 arm64 v8
done
