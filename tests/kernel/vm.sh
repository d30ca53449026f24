# SPDX-License-Identifier: BSD-3-Clause
# A machine with vhost-net for tests, whatever kernel the host has: the distribution's stock kernel under QEMU, without KVM,
# with a root of busybox and what a test names. `. "$(dirname "$0")/vm.sh"` after lib.sh, then vm_begin, vm_add and vm_run.
# shellcheck shell=bash

VM_CPUS=2
VM_MEMORY=1536 # MiB
# in the order in which insmod takes them
VM_MODULES='tun tap vhost_iotlb vhost vhost_net'
VM_NIC_MODULES='veth failover net_failover virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_net
	irqbypass vfio vfio_virqfd vfio_iommu_type1 vfio-pci-core vfio-pci'
VM_DEVICES=() # QEMU's options for more
VM_APPEND=''  # to the kernel's command line

# A wire between a NIC for DPDK, at 0000:00:03.0 behind an IOMMU, and eth0, the kernel's own.
vm_nic() {
	# without remapped interrupts, since some were lost with them; VFIO has to be told that it may do without
	VM_DEVICES=(-M q35 -device 'intel-iommu,caching-mode=on,intremap=off'
		-netdev 'hubport,id=a,hubid=0' -netdev 'hubport,id=b,hubid=0'
		-device 'e1000e,netdev=a,addr=3' -device 'virtio-net-pci,netdev=b,addr=4')
	VM_APPEND='intel_iommu=on net.ifnames=0'
	VM_MODULES+=" $VM_NIC_MODULES"
}

vm_package() { # the package that is the stock kernel now
	apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: *//p' | sed -n 1p
}

vm_download() {
	local package
	package=$(vm_package)
	[ -n "$package" ] && (cd "$dir" && apt-get -o APT::Sandbox::User=root download "$package")
}

vm_whole() {
	local module
	for module in vmlinuz $VM_MODULES $VM_NIC_MODULES; do
		[ -f "$vm_kernel/$module" ] || [ -f "$vm_kernel/$module.ko" ] || return 1
	done
}

# The kernel that the archive has now, once a build: vmlinuz and the modules in $build/kernel/VERSION.
vm_kernel() {
	local deb module root=$dir/deb
	vm_kernel=$build/kernel/$(vm_package)
	! vm_whole || return 0
	# apt's lists may be missing, or older than what the archive has
	vm_download >"$dir/apt.log" 2>&1 || { apt-get update && vm_download; } >>"$dir/apt.log" 2>&1 ||
		fail "the kernel of linux-image-cloud-amd64 can't be downloaded"
	vm_kernel=$build/kernel/$(vm_package)
	deb=$(echo "$dir"/linux-image-*.deb)
	mkdir -p "$vm_kernel" "$root"
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --wildcards './boot/vmlinuz-*' '*.ko'
	for module in $VM_MODULES $VM_NIC_MODULES; do
		find "$root" -name "$module.ko" -exec cp {} "$vm_kernel" \;
		[ -f "$vm_kernel/$module.ko" ] || fail "$(basename "$deb") has no $module.ko"
	done
	cp "$root"/boot/vmlinuz-* "$vm_kernel/vmlinuz"
	rm -rf "$root" "$deb"
}

# A program and the libraries that it wants, or any file: vm_add FILE [NAME]; programs are found in PATH.
vm_add() {
	local file lib
	file=$(command -v "$1") || fail "$1: no such program to put into the VM"
	install -D "$file" "$vm_root/bin/${2:-$(basename "$1")}"
	# a static program has no list
	for lib in $(ldd "$file" 2>/dev/null | grep -o '/[^ ]*'); do
		install -D "$lib" "$vm_root$lib"
	done
}

# The commands of docs/exceptional-path.md between two lines that begin so, for the VM to run: vm_page SCRIPT FROM TO
vm_page() {
	awk -v from="$2" -v to="$3" 'index($0, to) == 1 {on = 0} index($0, from) == 1 {on = 1}
		on && sub(/^    \$ /, "") {more = 1} on && more {sub(/^ +/, ""); print; more = /\\$/}' \
		"$top/docs/exceptional-path.md" >"$vm_root/$1"
	grep -q '^cvio run ' "$vm_root/$1" || fail "the page has no commands from \"$2\" on"
}

vm_begin() {
	local module
	vm_root=$dir/vm
	mkdir -p "$vm_root"/{bin,dev,etc,modules,proc,run,sbin,sys,tmp}
	chmod 1777 "$vm_root/tmp"
	vm_kernel
	for module in $VM_MODULES; do
		cp "$vm_kernel/$module.ko" "$vm_root/modules/"
	done
	vm_add busybox
	vm_add bash # busybox' own shell takes its own applets for ip and setpriv, whatever PATH says
	ln -s bash "$vm_root/bin/sh"
	cat >"$vm_root/init" <<-END
		#!/bin/busybox sh
		/bin/busybox --install -s /sbin
		export PATH=/bin:/sbin
		mount -t proc proc /proc
		mount -t sysfs sys /sys
		mount -t devtmpfs dev /dev
		ln -s /proc/self/fd /dev/fd
		ln -s fd/1 /dev/stdout
		ip link set lo up
		MODULES='$VM_MODULES' bash -eu /test.sh </dev/null >/dev/ttyS1 2>&1
		printf '\nvm: status %d\n' \$? >/dev/ttyS1
		poweroff -f
	END
	chmod 755 "$vm_root/init"
}

# podman, and images into its storage there: vm_add_podman IMAGE... In the VM, guest.sh's podman_begin loads them.
vm_add_podman() {
	local image program
	for program in conmon ip nsenter podman runc tar; do
		vm_add "$program"
	done
	vm_add "$cvio" cvio
	mkdir -p "$vm_root"/{etc/containers,images,var/tmp}
	echo 0123456789abcdef0123456789abcdef >"$vm_root/etc/machine-id"
	cp /etc/containers/policy.json "$vm_root/etc/containers/"
	printf '[storage]\ndriver = "vfs"\nrunroot = "/run/containers"\ngraphroot = "/tmp/containers"\n' \
		>"$vm_root/etc/containers/storage.conf"
	# an initramfs can't be pivoted away from
	cat >"$vm_root/etc/containers/containers.conf" <<-'END'
		[engine]
		cgroup_manager = "cgroupfs"
		conmon_path = ["/bin/conmon"]
		events_logger = "none"
		no_pivot_root = true
		runtime = "runc"
		[engine.runtimes]
		runc = ["/bin/runc"]
	END
	for image; do
		podman save --quiet --format oci-archive --output "$vm_root/images/${image##*/}.tar" "$image"
	done
}

# Whether the emulator has hung: both CPUs of the VM wait for each other, and its kernel says so. Seen in one boot of ten.
vm_hangs() { grep -q 'soft lockup' "$dir/vm-console.log"; }

vm_boot() { # SECONDS
	: >"$dir/vm-output.log"
	: >"$dir/vm-console.log"
	# no_timer_check: on a busy host the kernel finds at boot that the timer is too slow to be one, and panics.
	# One VM at a time of a build. In the background, since a signal to the test would else wait for the VM's end; timeout
	# hands it on to all that it started.
	timeout "$1" flock "$build/kernel" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp "$VM_CPUS" \
		-m "$VM_MEMORY" -nodefaults -no-user-config -display none -no-reboot "${VM_DEVICES[@]}" \
		-kernel "$vm_kernel/vmlinuz" -initrd "$dir/initramfs.gz" -append "console=ttyS0 panic=-1 quiet no_timer_check $VM_APPEND" \
		-serial "file:$dir/vm-console.log" -serial "file:$dir/vm-output.log" >"$dir/qemu.log" 2>&1 &
	while kill -0 $! 2>/dev/null && ! vm_hangs; do
		sleep 0.5
	done
	kill $! 2>/dev/null || true
	wait $! || true
}

# Boot, run guest.sh and a script there (as root, bash -eu), until it ends: vm_run SECONDS SCRIPT.
# What it prints is in $dir/vm-output.log. Fails when the script does, or the time is over; a test's end shows the logs then.
vm_run() {
	local seconds=$1 status boot
	cat "$top/tests/kernel/guest.sh" "$2" >"$vm_root/test.sh"
	(cd "$vm_root" && find . | busybox cpio -o -H newc 2>"$dir/cpio.log" | gzip -1 >"$dir/initramfs.gz")
	for boot in 1 2 3; do
		vm_boot "$seconds"
		vm_hangs || break
		say "the emulator hung; boot $boot of 3"
	done
	sed -i 's/\r$//' "$dir/vm-output.log"
	status=$(sed -n 's/^vm: status //p' "$dir/vm-output.log")
	[ "$status" = 0 ] || fail "in the VM: status ${status:-unknown: it died, or took more than $seconds s}"
}
