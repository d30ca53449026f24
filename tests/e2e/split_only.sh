#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A backend that offers split rings only: ring=auto connects again with what is the fastest there, ring=packed says why not.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/split.sock
launch backend python3 "$top/tests/fake_backend.py" split "$socket"
makes backend "$socket"
name=${prefix}l2fwd

connections() { grep -c connected "$dir/backend.log" || true; }

negotiated() { # OPTIONS TEXT CONNECTIONS
	local before
	before=$(connections)
	"$cvio" run -d --name "$name" --memory small --port "vhost-user:$socket$1" localhost/cvio/l2fwd >/dev/null
	local line
	line=$(podman logs "$name" 2>&1 | grep 'cvio: port 0')
	grep -qF -- "$2" <<<"$line" || fail "$1: $line"
	[ $(($(connections) - before)) = "$3" ] || fail "$1: $3 connections expected, $(($(connections) - before)) seen"
	podman rm --force --time 2 "$name" >/dev/null
}

negotiated "" "split ring, in-order, 1 of 1" 2
negotiated ",ring=split" "split ring, in-order, 1 of 1" 1
negotiated ",mtu=1600" "split ring, in-order, mergeable, 1 of 1" 2
expect 69 'ring=packed: the backend offers split rings only; use ring=auto' \
	"$cvio" run --name "$name" --memory small --port "vhost-user:$socket,ring=packed" localhost/cvio/l2fwd
