#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One flipped byte anywhere, a shorter or a longer file: `cvio bundle load` refuses it with 65, and the storage is as it was.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
BESIDE=yes
# shellcheck source=tests/bundle/storage.sh
. "$(dirname "$0")/storage.sh"
bundle_test_begin "$@"

storage near
bring base # the smallest: what is checked is the file, not the image
"$cvio" bundle create -o whole.bundle --sign key cvio/base >create.log
storage far
before=$(stored far)
cp whole.bundle changed.bundle
"$top/tests/bundle/flipped.py" flip changed.bundle "${ROUNDS:-2000}" "$cvio" bundle load --key key.pub
# a truncation is found by the size alone, so verify will do
"$top/tests/bundle/flipped.py" cut changed.bundle 500 "$cvio" bundle verify --key key.pub
[ "$(stored far)" = "$before" ] || fail "something was stored: $(stored far)"
no_temporary_folders
# what it began with is a good bundle
cmp whole.bundle changed.bundle
"$cvio" bundle load --key key.pub changed.bundle >load.log
podman image exists localhost/cvio/base || fail "the good bundle isn't loaded"
no_temporary_folders
