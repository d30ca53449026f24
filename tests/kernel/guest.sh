# SPDX-License-Identifier: BSD-3-Clause
# What all scripts in the VM begin with: vm_run puts it in front of them. MODULES names what insmod takes from /modules.
# shellcheck shell=bash

fail() {
	echo "FAILED: $*" >&2 # what it prints may be a value for somebody
	exit 1
}

wait_for() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || fail "not in time: $*"
		sleep 0.1
	done
}

# expect STATUS TEXT COMMAND...
expect() {
	local wanted=$1 text=$2 status=0
	shift 2
	"$@" >/tmp/expect.log 2>&1 || status=$?
	[ "$status" = "$wanted" ] || fail "$*: status $status, not $wanted: $(cat /tmp/expect.log)"
	grep -qF -- "$text" /tmp/expect.log || fail "$*: no \"$text\" in: $(cat /tmp/expect.log)"
}

# for modprobe, which /modules is a folder too few for
modules_known() {
	local folder
	folder=/lib/modules/$(uname -r)
	mkdir -p "$folder"
	cp /modules/*.ko "$folder"
	depmod
}

modules_load() {
	local module
	for module in $MODULES; do
		case $module in
		vfio_iommu_type1) insmod "/modules/$module.ko" allow_unsafe_interrupts=1 ;;
		*) insmod "/modules/$module.ko" ;;
		esac
	done
}

# podman with the images that vm_add_podman has put here, and hugepages
podman_begin() { # HUGEPAGES
	local image
	mount -t tmpfs -o size=80% tmp /tmp
	mount -t tmpfs run /run
	mount -t cgroup2 cgroup /sys/fs/cgroup
	mkdir -p /dev/pts /dev/mqueue /dev/shm
	mount -t devpts devpts /dev/pts
	echo "$1" >/proc/sys/vm/nr_hugepages
	for image in /images/*.tar; do
		podman load --quiet --input "$image" >/dev/null
	done
}
