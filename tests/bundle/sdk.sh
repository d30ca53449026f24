#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A bundle with --sdk: at a site without a network and with an empty storage, an image is built from source and starts.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
BESIDE=yes
# shellcheck source=tests/bundle/storage.sh
. "$(dirname "$0")/storage.sh"
bundle_test_begin "$@"

podman image exists localhost/cvio/sdk || fail "localhost/cvio/sdk isn't in the storage; make images"
expect 66 "no tarball in subprojects/packagecache" "$cvio" bundle create -o x.bundle --sdk --sources "$(
	git init -q empty && cd empty && git -c user.name=x -c user.email=x commit -q --allow-empty -m x && pwd
)"
"$top/toolchain/fetch-sources.sh" musl # which only a build for aarch64 has fetched
"$cvio" bundle create -o sdk.bundle --sign key --sdk --sources "$top" >create.log
tar -xf sdk.bundle src
tar -tf src/cvio.tar | grep -x cvio/launcher/bundle/bundle.c >/dev/null || fail "cvio.tar lacks the sources"
for source in dpdk musl; do
	compgen -G "src/packagecache/$source-*.tar.*" >/dev/null || fail "the bundle's src/packagecache: $source expected, seen: $(ls src/packagecache)"
done

# the model: one file of C, and the Containerfile at the top
mkdir app
sed -n '/^```c$/,/^```$/p' "$top/docs/images.md" | sed '/^```/d' >app/hello.c
cp "$top/Containerfile" app/Containerfile
storage site overlay
cat >site.sh <<EOF
set -eu
"$cvio" bundle load --key key.pub sdk.bundle
podman image exists localhost/cvio/base
buildah bud --pull-never --tag localhost/by-bud app
"$cvio" build --tag localhost/by-cvio app
for name in by-bud by-cvio; do
	status=0
	podman run --rm --network none --env CVIO_PORTS=vhost-user:/nowhere/p0.sock,wait=0 localhost/\$name || status=\$?
	[ \$status = 69 ] # the runtime is in it: no such backend
done
# and a bundle again, from what the bundle brought
"$cvio" bundle create -o again.bundle --sign key --sdk --sources src
EOF
timeout 600 unshare --net bash site.sh >site.log 2>&1 || fail "at the site: $(tail -n 20 site.log)"
cmp sdk.bundle again.bundle || fail "the site makes another bundle of the same"
no_temporary_folders
