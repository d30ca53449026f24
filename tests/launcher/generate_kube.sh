#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# cvio generate kube, podman-kube and cdi: what they make satisfies Kubernetes' own schema and that of the Container Device
# Interface, where a field that isn't known is an error; docs/kubernetes.md is true; a chain is played by podman.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../fetch.sh"

test_begin "$@"
pause_image() {
	podman images --quiet --filter reference=localhost/podman-pause
}
pause_before=$(pause_image)
page=$top/docs/kubernetes.md
[ -z "$(podman ps --all --quiet --filter name=demo-l2fwd)" ] || fail "a container demo-l2fwd is there; the page makes its own"
[ ! -e /run/demo ] || fail "/run/demo is there; the page makes its own"
cdi_before=$(ls -d /run/cdi 2>/dev/null || true)
end() {
	local pod
	for pod in "$dir/page/demo-l2fwd/pod.yaml" "$dir/chain/pod.yaml"; do
		[ ! -f "$pod" ] || podman kube down "$pod" >/dev/null 2>&1
	done
	podman rm --force --ignore --time 1 demo-l2fwd >/dev/null
	[ -n "$pause_before" ] || podman rmi --force "$(pause_image)"
	rm -rf /run/demo /run/cdi/demo-l2fwd.json "/run/cvio/chain-${prefix}c"
	[ -n "$cdi_before" ] || rmdir /run/cdi 2>/dev/null
}
at_end end
cd "$dir" || exit

swagger=kubernetes-1.20.2-swagger.json
fetch_source $swagger c7354e6ab4034a89873229a9b7c1fa31fa6242b2e5f5a9b67c3be4fc67cb903c \
	kubernetes 1.20.5+really1.20.2-1.1+deb12u1 api/openapi-spec/swagger.json
interface=usr/share/gocode/src/github.com/container-orchestrated-devices/container-device-interface/schema
for file in schema:ef8afbe5572bb6ae9b6b5931f7b7b3fa64a4fc02c1c7fdcc2e92677f85ddd697 \
	defs:d57ff9156c0a1119c8e4a97d7b3c190b07b9bde6a0ac00398fc44845e93ae06f; do
	fetch_package "cdi-0.5.2-${file%:*}.json" "${file#*:}" "" \
		golang-github-container-orchestrated-devices-container-device-interface-dev 0.5.2-2 "$interface/${file%:*}.json"
	mkdir -p cdi-schema
	cp "$fetch_cache/cdi-0.5.2-${file%:*}.json" "cdi-schema/${file%:*}.json"
done

cat >chain.yaml <<END
name: ${prefix}c
containers:
  echo: {image: localhost/cvio/probe, memory: "small,16M", args: [--echo]}
  send: {image: localhost/cvio/probe, memory: "small,16M", args: --count 5000 --seconds 0 --sizes 64 --rate 10000}
links:
  - {from: echo, to: send}
END

valid() { # OUTPUT OPTION…: what generate kube makes of them
	local out=$1
	shift
	"$cvio" generate kube -o "$out" "$@" 2>>generate.log || fail "generate kube $*: $(cat generate.log)"
	"$top/tests/launcher/schema.py" kubernetes "$fetch_cache/$swagger" "$out/pod.yaml" ||
		fail "generate kube $*: $(cat "$out/pod.yaml")"
	"$cvio" generate kube -o "$out.again" "$@" 2>>generate.log
	diff -r "$out" "$out.again" >&2 || fail "generate kube $*: twice is different"
}

schemas() {
	say "Kubernetes' schema"
	valid one --cpus 0-1 --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd -- -p 1
	valid mount --memory mount,64M --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
	valid small --memory small,64M --port "vhost-backend:$sockets/p0.sock" localhost/cvio/probe
	valid cni --userspace-cni br0 --port "vhost-user:$sockets/p0.sock,server" --port "vhost-user:$sockets/p1.sock" \
		localhost/cvio/l2fwd
	valid several -f chain.yaml
	# the check itself can fail
	sed 's/readOnlyRootFilesystem/readonlyRootFilesystem/; s/cpu: .2./cpu: 2/' one/pod.yaml >wrong.yaml
	expect 1 'readonlyRootFilesystem' "$top/tests/launcher/schema.py" kubernetes "$fetch_cache/$swagger" wrong.yaml
	/usr/bin/python3 - cni/pod.yaml <<-'END'
		import json, sys, yaml
		*networks, pod = yaml.safe_load_all(open(sys.argv[1]))
		notes = pod["metadata"]["annotations"]
		status = json.loads(notes["k8s.v1.cni.cncf.io/network-status"])
		names = notes["k8s.v1.cni.cncf.io/networks"].split(", ")
		assert names == [n["metadata"]["name"] for n in networks] == [s["name"] for s in status]
		for network, one in zip(networks, status):
		    config = json.loads(network["spec"]["config"])
		    mode = config["container"]["vhost"]["mode"]
		    assert one["device-info"]["vhost-user"]["mode"] == mode != config["host"]["vhost"]["mode"]
		    assert one["device-info"]["vhost-user"]["path"].endswith("/" + config["host"]["vhost"]["socketfile"])
	END
	say "the schema of the Container Device Interface"
	"$cvio" generate cdi -o cdi.json --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
	"$top/tests/launcher/schema.py" cdi cdi-schema cdi.json || fail "$(cat cdi.json)"
	sed 's/hostPath/hostpath/' cdi.json >wrong.json
	expect 1 "'hostPath' is a required property" "$top/tests/launcher/schema.py" cdi cdi-schema wrong.json
}

the_page() {
	say "docs/kubernetes.md"
	mkdir page
	awk -v steps="$dir/page/step-" '
		/^```sh$/ { out = sprintf("%s%02d", steps, ++count); next }
		/^```$/ { out = "" }
		out != "" { print >out }' "$page"
	[ -s page/step-01 ] || fail "the page has no steps"
	for step in page/step-*; do
		(cd page && PATH=$build/launcher:$PATH exec bash -e "../$step") >"$step.log" 2>&1 || fail "$(cat "$step" "$step.log")"
	done
	[ "$(cat page/*.log | grep -c '^passed: ')" = 2 ] || fail "not all frames were forwarded: $(cat page/*.log)"
	[ -z "$(podman ps --all --quiet --filter name=demo-l2fwd)" ] || fail "the page leaves a container"
	[ -z "$(podman pod ps --quiet --filter name=demo-l2fwd)" ] || fail "the page leaves a pod"
}

# The containers of a chain in one Pod: each frame comes back
a_chain() {
	say "podman kube play of a chain"
	"$cvio" generate podman-kube -f chain.yaml -o chain
	sed -n 's/^# before: //p' chain/pod.yaml >before.sh
	[ -s before.sh ] || fail "pod.yaml doesn't tell of the links' folders"
	sh -e before.sh
	timeout 60 podman kube play --network none --seccomp-profile-root chain chain/pod.yaml >play.log 2>&1 || fail "$(cat play.log)"
	sender="${prefix}c-${prefix}c-send"
	passed() { podman logs "$sender" 2>&1 | grep '^passed: '; }
	wait_for 60 passed
	seccomp=$(grep Seccomp: "/proc/$(podman inspect --format '{{.State.Pid}}' "${prefix}c-${prefix}c-echo")/status")
	[ "${seccomp##*[[:space:]]}" = 2 ] || fail "no filter of system calls: $seccomp"
	podman kube down chain/pod.yaml >down.log 2>&1 || fail "$(cat down.log)"
	[ -z "$(podman pod ps --quiet --filter "name=${prefix}c")" ] || fail "a pod is left"
	[ -z "$(containers)" ] || fail "containers are left: $(containers)"
}

schemas
the_page
a_chain
expect 64 'small letters, digits' "$cvio" generate kube --name Fwd --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
expect 64 'podman plays no volume of hugepages' "$cvio" generate podman-kube --memory mount --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
expect 64 '--userspace-cni: is for the form kube only' "$cvio" generate cdi --userspace-cni br0 --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
expect 64 "--podman-args can't be said in this form" "$cvio" generate kube --podman-args -t --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd
expect 64 "isn't UTF-8" "$cvio" generate kube --port "vhost-user:$sockets/p0.sock" localhost/cvio/l2fwd -- $'\xff'
expect 64 "isn't UTF-8" "$cvio" generate cdi --port "vhost-user:$sockets/"$'\xff'.sock localhost/cvio/l2fwd
