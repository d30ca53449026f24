# SPDX-License-Identifier: BSD-3-Clause
# What the bundle's tests share, sourced after lib.sh: container storages of their own, near (where bundles are made) and far
# (where they go), and a key.
# shellcheck shell=bash

# storage NAME [DRIVER]: from now on podman and cvio use this storage; it is empty at first.
storage() {
	export CONTAINERS_STORAGE_CONF=$dir/$1.conf
	[ -f "$CONTAINERS_STORAGE_CONF" ] || printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' \
		"${2:-vfs}" "$dir/$1/graph" "$dir/$1/run" >"$CONTAINERS_STORAGE_CONF"
}

usually() { # COMMAND…: with the storage that the test was started with
	env -u CONTAINERS_STORAGE_CONF ${usual_storage:+"CONTAINERS_STORAGE_CONF=$usual_storage"} "$@"
}

# bring NAME…: copy images of ours from the usual storage into the present one.
bring() {
	local name
	for name in "$@"; do
		usually skopeo copy --quiet "containers-storage:localhost/cvio/$name" \
			"oci:$dir/brought:$name" 2>"$dir/skopeo.log"
		skopeo copy --quiet "oci:$dir/brought:$name" "containers-storage:localhost/cvio/$name" 2>"$dir/skopeo.log"
	done
}

# All that a storage holds: names, ids, digests, and the ids of the images and layers on disk.
stored() {
	podman images --all --no-trunc --digests --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.Digest}}' | sort
	find "$dir/$1/graph" -mindepth 1 -type d -regextype egrep -regex '.*/[0-9a-f]{64}' 2>/dev/null | sort
}

new_key() { # FILE
	ssh-keygen -q -t ed25519 -N '' -C 'somebody' -f "$1"
}

no_temporary_folders() {
	[ -z "$(find "$TMPDIR" -mindepth 1 -name 'cvio-bundle-*')" ] || fail "left in TMPDIR: $(ls "$TMPDIR")"
}

# skopeo leaves the storage's overlay folder mounted on itself; podman takes that mount away.
bundle_end() {
	usually podman images >/dev/null 2>&1
	umount "$dir"/*/graph/overlay 2>/dev/null
	export CONTAINERS_STORAGE_CONF=$usual_storage # what test_end looks at
	[ -n "$usual_storage" ] || unset CONTAINERS_STORAGE_CONF
}
usual_storage=${CONTAINERS_STORAGE_CONF:-}

bundle_test_begin() {
	test_begin "$@"
	at_end bundle_end
	export TMPDIR=$dir/tmp
	mkdir "$TMPDIR"
	cd "$dir" || exit
	new_key key
}
