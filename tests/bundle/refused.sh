#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What `cvio bundle` refuses beside damage: keys that aren't the signer's, no signature, another purpose, hostile archives,
# hostile indexes by a signer, wrong use. And that a load that fails, or is interrupted, at any of its steps leaves nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
BESIDE=yes
# shellcheck source=tests/bundle/storage.sh
. "$(dirname "$0")/storage.sh"
bundle_test_begin "$@"
here=$top/tests/bundle
forge() { "$here/forge.py" good.bundle forged.bundle "$@"; }
refuse() { # TEXT [ARGS…]: forged.bundle is refused, with this in the message
	local text=$1
	shift
	expect 65 "$text" "$cvio" bundle load "${@:---key=key.pub}" forged.bundle
	[ "$(stored far)" = "$before" ] || fail "stored: $(stored far)"
	no_temporary_folders
}

storage near
bring base l2fwd
# an index of two images, one of them without a name of its own
podman manifest create localhost/cvio/pair:multi >/dev/null
podman manifest add --os linux --arch amd64 --variant v2 localhost/cvio/pair:multi \
	containers-storage:localhost/cvio/base >/dev/null
podman manifest add --os linux --arch amd64 --variant v3 localhost/cvio/pair:multi \
	containers-storage:localhost/cvio/l2fwd >/dev/null
"$cvio" bundle create -o good.bundle --sign key cvio/base >create.log
"$cvio" bundle create -o unsigned.bundle cvio/base >>create.log
"$cvio" bundle create -o pair.bundle --sign key cvio/base cvio/pair:multi >>create.log
storage far
before=$(stored far)

say "keys"
new_key other
expect 65 "not signed by other.pub" "$cvio" bundle verify --key other.pub good.bundle
echo "somebody@site namespaces=\"file,cvio-bundle\" $(cut -d' ' -f1,2 key.pub)" >allowed
"$cvio" bundle verify --key allowed good.bundle >verify.log
(echo "# the one who signs"; echo; cat key.pub) >commented.pub
"$cvio" bundle verify --key commented.pub good.bundle >verify.log
echo "somebody@site namespaces=\"file\" $(cut -d' ' -f1,2 key.pub)" >allowed
expect 65 "not signed by allowed" "$cvio" bundle verify --key allowed good.bundle
echo "somebody@site $(cut -d' ' -f1,2 other.pub)" >allowed
expect 65 "not signed by allowed" "$cvio" bundle verify --key allowed good.bundle
: >empty.pub
expect 65 "not signed by empty.pub" "$cvio" bundle verify --key empty.pub good.bundle
expect 64 "it is a private key" "$cvio" bundle verify --key key good.bundle
expect 66 "none.pub: No such file" "$cvio" bundle verify --key none.pub good.bundle
for kind in rsa ecdsa; do
	ssh-keygen -q -t $kind -N '' -f $kind
	forge same $kind
	"$cvio" bundle verify --key $kind.pub forged.bundle >verify.log
done

say "signatures"
expect 65 "it has no signature" "$cvio" bundle verify --key key.pub unsigned.bundle
"$cvio" bundle verify --unsigned unsigned.bundle >verify.log
forge unsigned && refuse "it has no signature"
forge same key file && refuse "it was made for another purpose than cvio-bundle"
forge same key && "$cvio" bundle verify --key key.pub forged.bundle >verify.log # forge.py itself forges nothing by accident
"$here/forge.py" unsigned.bundle forged.bundle more && refuse "it has" --unsigned

say "hostile archives"
for what in swapped exchanged missing twice more absolute upwards symlink hardlink device owner time; do
	forge $what && refuse "get it again"
done
for what in name-upwards name-absolute name-twice huge negative setuid no-digest option-as-image format; do
	forge $what key && refuse "its bundle.json:"
done
forge blob-not-held key && refuse "doesn't hold it"
forge other-id key && refuse "in place of"
gzip -k good.bundle && mv good.bundle.gz forged.bundle && refuse "it doesn't begin as a bundle does"
echo "no tar" >forged.bundle && refuse "it ends too early"
: >forged.bundle && refuse "it ends too early"

say "wrong use"
expect 64 "--key KEY is needed" "$cvio" bundle verify good.bundle
expect 64 "exclude each other" "$cvio" bundle verify --key key.pub --unsigned good.bundle
expect 64 "give the signer's public key by --key" "$cvio" bundle load --unsigned good.bundle
expect 64 "exactly one FILE" "$cvio" bundle verify --key key.pub
expect 64 "create, verify or load" "$cvio" bundle
expect 64 "create, verify or load" "$cvio" bundle unpack
expect 64 "-o FILE is needed" "$cvio" bundle create cvio/base
expect 64 "no IMAGE" "$cvio" bundle create -o x.bundle
expect 64 "--sources FOLDER is needed" "$cvio" bundle create -o x.bundle --sdk
expect 64 "no such option" "$cvio" bundle verify --nothing
expect 64 "needs a value" "$cvio" bundle verify --key
expect 64 "are for create" "$cvio" bundle verify --key key.pub --sign key good.bundle
expect 66 "no such image" "$cvio" bundle create -o x.bundle cvio/none
expect 66 "none.bundle: No such file" "$cvio" bundle verify --key key.pub none.bundle
expect 66 "it isn't a regular file" "$cvio" bundle verify --key key.pub /dev/null
expect 66 "--sign none" env CONTAINERS_STORAGE_CONF="$dir/near.conf" "$cvio" bundle create -o x.bundle --sign none cvio/base
expect 64 "ssh-keygen can't sign" env CONTAINERS_STORAGE_CONF="$dir/near.conf" "$cvio" bundle create -o x.bundle --sign empty.pub cvio/base
expect 70 "name a file in a folder" env CONTAINERS_STORAGE_CONF="$dir/near.conf" "$cvio" bundle create -o none/x.bundle cvio/base
expect 70 "name a writable folder by TMPDIR" env TMPDIR="$dir/none" "$cvio" bundle load --key key.pub good.bundle
expect 72 "ssh-keygen: not found" env PATH="$dir" "$cvio" bundle verify --key key.pub good.bundle
expect 72 "not found in PATH" env PATH="$dir" "$cvio" bundle load --unsigned unsigned.bundle
expect 72 "not found in PATH" env PATH="$dir" "$cvio" bundle create -o x.bundle cvio/base
[ -z "$(find . -maxdepth 1 -name 'x.bundle*')" ] || fail "left: $(ls x.bundle*)"

say "a load that fails at any step"
mkdir fake
for tool in podman skopeo; do
	cat >fake/$tool <<-EOF
		#!/bin/sh
		n=\$((\$(cat $dir/calls) + 1))
		echo \$n >$dir/calls
		if [ \$n = \$FAIL_AT ]; then
			[ -z "\$SIGNAL" ] || { kill -\$SIGNAL \$PPID; exec sleep 30; }
			echo "Error: the test makes this fail" >&2
			exit 9
		fi
		exec $(command -v $tool) "\$@"
	EOF
	chmod +x fake/$tool
done
# names that were there before, to other images
skopeo copy --quiet "oci:$dir/brought:l2fwd" containers-storage:localhost/cvio/base:latest
skopeo copy --quiet "oci:$dir/brought:l2fwd" containers-storage:localhost/mine:latest
before=$(stored far)
cp -a far saved
for signal in "" INT TERM; do
	at=0 status=1
	while [ $status != 0 ]; do
		at=$((at + 1))
		[ $at -lt 60 ] || fail "it never succeeds"
		echo 0 >calls
		status=0
		FAIL_AT=$at SIGNAL=$signal PATH=$dir/fake:$PATH timeout 60 "$cvio" bundle load --key key.pub pair.bundle \
			>load.log 2>load.err || status=$?
		no_temporary_folders
		[ $status = 0 ] || [ "$(stored far)" = "$before" ] || fail "step $at${signal:+ by SIG$signal}: stored: $(stored far)"
		[ $status = 0 ] || [ $status = $((${#signal} > 0 ? 130 : 70)) ] || fail "step $at: status $status: $(cat load.err)"
	done
	[ $at -gt 12 ] || fail "only $at steps were tried: $(cat load.log)"
	say "$((at - 1)) steps${signal:+ with SIG$signal}"
	podman image inspect --format '{{.Id}}' localhost/cvio/base >after
	[ "$(cat after)" != "$(podman image inspect --format '{{.Id}}' localhost/mine)" ] || fail "the bundle's name isn't the bundle's"
	podman manifest inspect localhost/cvio/pair:multi | jq -c '[.manifests[].platform.variant]' | grep -xF '["v2","v3"]' >/dev/null
	rm -rf far && cp -a saved far
	[ "$(stored far)" = "$before" ] || fail "the test itself leaves something: $(stored far)"
done

say "a create that is interrupted"
storage near
for at in 1 2 3; do # the next ones are those of `cvio sbom`
	echo 0 >calls
	FAIL_AT=$at SIGNAL=TERM PATH=$dir/fake:$PATH expect 130 "interrupted" "$cvio" bundle create -o x.bundle --sign key cvio/base
	[ -z "$(find . -maxdepth 1 -name 'x.bundle*')" ] || fail "left: $(ls x.bundle*)"
	no_temporary_folders
done
