#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The same images give the same bytes: twice, elsewhere, with another umask, time zone and number of CPUs, and from the
# storage that a bundle was loaded into. A delta has what its base lacks, and nothing else will do as its base.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
BESIDE=yes
# shellcheck source=tests/bundle/storage.sh
. "$(dirname "$0")/storage.sh"
bundle_test_begin "$@"

storage near
bring base l2fwd
podman tag localhost/cvio/l2fwd localhost/cvio/l2fwd:x86-64-v3
podman manifest create localhost/cvio/l2fwd:multi >/dev/null
podman manifest add --os linux --arch amd64 --variant v3 localhost/cvio/l2fwd:multi \
	containers-storage:localhost/cvio/l2fwd:x86-64-v3 >/dev/null
"$cvio" bundle create -o one.bundle --sign key cvio/base cvio/l2fwd:multi cvio/l2fwd >create.log
sleep 1.1
mkdir -m 700 elsewhere other-tmp
(
	cd elsewhere
	umask 077
	TMPDIR=$dir/other-tmp TZ=Asia/Tokyo taskset -c 0 "$cvio" bundle create --output ../two.bundle --sign ../key \
		cvio/l2fwd localhost/cvio/l2fwd:multi cvio/base:latest localhost/cvio/base >>../create.log
)
cmp one.bundle two.bundle || fail "two bundles of the same images differ"
tar -tvf one.bundle >listing
! grep -v '0/0 .* 1970-01-01' listing || fail "an owner or a time is in the bundle"

say "the same from the far side's storage"
storage far
"$cvio" bundle load --key key.pub one.bundle >load.log
"$cvio" bundle load --key key.pub one.bundle >load.log # a second time changes nothing
podman image exists localhost/cvio/l2fwd:x86-64-v3 || fail "the variant's own name isn't there"
! podman images | grep cvio-bundle || fail "a temporary name is left"
"$cvio" bundle create -o three.bundle --sign key cvio/base cvio/l2fwd:multi cvio/l2fwd >>create.log
cmp one.bundle three.bundle || fail "the bundle of what a bundle brought differs"

say "delta"
storage near
"$cvio" bundle create -o old.bundle --sign key cvio/base >>create.log
"$cvio" bundle create -o delta.bundle --sign key --base old.bundle cvio/base cvio/l2fwd:multi cvio/l2fwd >>create.log
digest=$("$cvio" bundle verify --key key.pub old.bundle | awk '$1 == "Digest" { print $2 }')
tar -tf delta.bundle | sort >delta.list
tar -tf one.bundle | grep -v '^bundle.json' | sort >one.list
tar -tf old.bundle | grep blobs | sort >old.list
comm -23 one.list old.list | cmp - <(grep -v '^bundle.json' delta.list) || fail "the delta has something else than what is new"
expect 64 "it is a delta against the bundle with digest $digest" "$cvio" bundle verify --key key.pub delta.bundle
expect 64 "it is a delta against the bundle with digest $digest" "$cvio" bundle load --key key.pub delta.bundle
expect 65 "is a delta against $digest; give that one" "$cvio" bundle verify --key key.pub --base one.bundle delta.bundle
expect 64 "needs no base" "$cvio" bundle verify --key key.pub --base old.bundle one.bundle
expect 64 "it is a delta itself" "$cvio" bundle create -o x.bundle --base delta.bundle cvio/base
"$cvio" bundle verify --key key.pub --base old.bundle delta.bundle >verify.log
cp old.bundle damaged.bundle
printf x | dd of=damaged.bundle bs=1 seek=$(($(stat -c %s damaged.bundle) / 2)) conv=notrunc status=none
storage empty
expect 65 "get it again" "$cvio" bundle load --key key.pub --base damaged.bundle delta.bundle
expect 65 "get it again" "$cvio" bundle create -o x.bundle --base damaged.bundle cvio/base
[ -z "$(stored empty)" ] || fail "stored: $(stored empty)"
"$cvio" bundle load --key key.pub --base old.bundle delta.bundle >load.log
"$cvio" bundle create -o four.bundle --sign key cvio/base cvio/l2fwd:multi cvio/l2fwd >>create.log
cmp one.bundle four.bundle || fail "what a delta brought isn't what the full bundle brings"
no_temporary_folders
