# SPDX-License-Identifier: BSD-3-Clause
# Roots of other releases of Debian: `. "$(dirname "$0")/lib.sh"`, then host_begin, host_root and host_run.
#
# A root is a minimal system, as mmdebstrap makes it of the archive that apt uses here, with what toolchain/packages.list
# wants in it. It is kept in CVIO_HOSTS, and made again when it is older than HOSTS_DAYS or other packages are wanted. What runs
# in it runs on an overlay, in mount and PID namespaces of its own: with the first process everything ends, processes and
# mounts. pivot_root rather than chroot, since a process in a chroot can't make user namespaces, and an engine needs them.
# shellcheck shell=bash

set -euo pipefail
export LC_ALL=C.UTF-8
umask 022
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
hosts=${CVIO_HOSTS:-/var/cache/cvio/hosts}
HOSTS_DAYS=${HOSTS_DAYS:-4}

say() {
	echo "$*" >&2
}

# A folder for the run, $work, which goes with it. Those of runs that were killed go as well.
host_begin() {
	local old
	[ "$(id -u)" = 0 ] || { say "SKIPPED: root is needed, for another root"; exit 77; }
	mkdir -p "$hosts"
	hosts=$(cd "$hosts" && pwd)
	for old in "$hosts"/work.*; do
		[ ! -d "$old" ] || [ -d "/proc/${old##*.}" ] || rm -rf "$old"
	done
	work=$hosts/work.$$
	child=
	trap 'host_end $?' EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$work"
	host_mirror
}

host_end() { # STATUS
	trap - EXIT
	[ -z "$child" ] || kill -KILL "$child" 2>/dev/null || true
	wait
	rm -rf --one-file-system "$work"
	exit "$1"
}

# In the background, so that a signal to this script ends it at once; and with the script, however that ends.
host_child() {
	local status=0
	setpriv --pdeathsig KILL "$@" <&- &
	child=$!
	wait "$child" || status=$?
	child=
	return $status
}

# The archive that the system's own apt uses, its security updates apart.
host_mirror() {
	mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian|Debian|//p' | sed -n 1p)
	[ -n "$mirror" ] || { say "SKIPPED: apt here knows no archive of Debian; run apt-get update"; exit 77; }
}

# Another process may have the root in use: it has a lock on the folder, which we get when it ends.
host_root() { # SUITE
	local folder=$hosts/$1 want
	want=$(sha256sum "$top/toolchain/packages.list" "$top/toolchain/install-packages.sh" | sha256sum)
	mkdir -p "$folder"
	exec 8>"$folder/lock"
	flock --shared 8
	! host_root_good "$folder" "$want" || return 0
	flock 8
	if ! host_root_good "$folder" "$want"; then
		say "hosts: unpacking $1 into $folder (some two minutes)"
		host_root_make "$1" "$folder" >"$work/unpack.log" 2>&1 || {
			tail -n 20 "$work/unpack.log" >&2
			say "hosts: $1 can't be unpacked; see the lines above"
			return 1
		}
		echo "$want" >"$folder/made"
	fi
	flock --shared 8
}

host_root_good() { # FOLDER WANTED
	[ -z "${HOSTS_FRESH:-}" ] || [ "$1/made" -nt "$work" ] || return 1
	[ "$(cat "$1/made" 2>/dev/null)" = "$2" ] && [ -z "$(find "$1/made" -mtime "+$((HOSTS_DAYS - 1))")" ]
}

# What README begins with, and then the script that `make` runs. A mirror may lag behind. Without fsync; no documentation.
host_root_make() { # SUITE FOLDER
	local path args=()
	rm -rf --one-file-system "$2/made" "$2/root"
	for path in '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*'; do
		args+=("--dpkgopt=path-exclude=$path")
	done
	host_child unshare --mount --pid --fork --kill-child --mount-proc \
		mmdebstrap --variant=apt --include=git,make "${args[@]}" --dpkgopt=force-unsafe-io \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
		--customize-hook='mkdir "$1/toolchain"' \
		--customize-hook="copy-in '$top/toolchain/packages.list' '$top/toolchain/install-packages.sh' /toolchain" \
		--customize-hook='chroot "$1" /toolchain/install-packages.sh' \
		"$1" "$2/root" "$mirror"
}

host_files() { # of the tree in which we are: what git knows, or would; without git, all but what .gitignore names
	git ls-files -z --cached --others --exclude-standard 2>/dev/null ||
		find . \( -path './build*' -o -path './subprojects/*/*' ! -path './subprojects/packagefiles*' \
			-o -path ./toolchain/sysroot \) -prune -o -type f -print0
}

# This tree as it stands, without what was built, and the sources that it is built of: host_tree FOLDER
host_tree() {
	mkdir -p "$1/subprojects/packagecache"
	(cd "$top" && host_files | tar --create --null --files-from=- --ignore-failed-read --warning=no-failed-read) |
		tar --extract --directory "$1"
	cp -a "$top/subprojects/packagecache/." "$1/subprojects/packagecache"
	git init --quiet "$1" # some tests ask git which files there are
}

# Run a command in a root: host_run SUITE net|alone COMMAND…. It sees /src, of $work/src, and what it writes elsewhere is in
# $work/upper. alone: in a network of its own, where nothing is but lo.
host_run() {
	local suite=$1 net=()
	[ "$2" = net ] || net=(--net)
	shift 2
	mkdir -p "$work"/{upper,overlay,root,storage,src}
	# shellcheck disable=SC2016
	host_child unshare --mount --pid "${net[@]}" --fork --kill-child --propagation private bash -euc '
		work=$1 lower=$2
		shift 2
		mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/overlay" overlay "$work/root"
		cd "$work/root"
		mkdir -p src var/lib/containers
		mount --bind "$work/src" src
		mount --bind "$work/storage" var/lib/containers # an overlay can have none of its own on it
		mount -t proc proc proc
		mount --rbind /sys sys
		# nodes of its own: what is done to one in there must not be done to the host'"'"'s
		mount -t tmpfs -o mode=755 tmpfs dev
		mkdir dev/pts dev/shm
		mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
		mount -t tmpfs tmpfs dev/shm
		ln -s pts/ptmx dev/ptmx
		ln -s /proc/self/fd dev/fd
		for node in null:3 zero:5 full:7 random:8 urandom:9; do
			mknod -m 666 "dev/${node%:*}" c 1 "${node#*:}"
		done
		mknod -m 666 dev/tty c 5 0
		mount -t tmpfs tmpfs run
		mount -t tmpfs tmpfs tmp
		[ ! -e /etc/resolv.conf ] || cp /etc/resolv.conf etc
		pivot_root . .
		umount -l .
		cd /src
		exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"' \
		sh "$work" "$hosts/$suite/root" "$@"
}
