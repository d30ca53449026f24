#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A container's folder on the host: what is in it, that it goes with the container, also if the launcher is killed while it
# runs; the hugetlbfs in it, and a DPDK secondary process on that; a socket's group.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
name=${prefix}state
socket=$sockets/p0.sock
l2fwd=localhost/cvio/l2fwd

# other tests' containers have folders too
folders() {
	grep -lF "\"name\":\"$name" /run/cvio/cvio-*/container.json 2>/dev/null | xargs -r dirname
}
no_folder() { [ -z "$(folders)" ]; }
# on a port that nobody serves
run=("$cvio" run --name "$name" --cpus 1 --memory "mount,32M" --port "vhost-user:$socket,wait=60" "$l2fwd")

# the folder and its mount, gone with a container that ends by itself
launch launcher "${run[@]}"
prints launcher 'waiting up to 60 s'
folder=$(folders)
[ "$(stat -c '%a %u' "$folder")" = '700 0' ] || fail "the folder isn't closed: $(stat -c '%a %u' "$folder")"
[ "$(jq -r '.ports[0]' "$folder/container.json")" = "vhost-user:$socket,wait=60" ] || fail "container.json: no port"
grep -q " $folder/hugepages hugetlbfs .*uid=$uid,.*mode=700,pagesize=2M,size=33554432,min_size=33554432" /proc/mounts ||
	fail "no hugetlbfs: $(grep hugetlbfs /proc/mounts)"
killed launcher TERM
no_folder || fail "the folder is left"

# a page of 1 GiB: the only region, which a backend takes
gigantic=/sys/kernel/mm/hugepages/hugepages-1048576kB
gigantic_before=$(cat $gigantic/nr_hugepages)
expect 71 "1 free hugepages of 1 GiB wanted, $(cat $gigantic/free_hugepages) there; as root: echo" "$cvio" run --dry-run \
	--memory "mount,1G,1G" --port "vhost-user:$socket" "$l2fwd"
testpmd_backend "$socket" # before there is one, for it would take it
gigantic_back() { echo "$gigantic_before" >$gigantic/nr_hugepages; }
at_end gigantic_back
echo $((gigantic_before + 1)) >$gigantic/nr_hugepages
[ "$(cat $gigantic/nr_hugepages)" -gt "$gigantic_before" ] ||
	fail "no page of 1 GiB can be had on this machine; reserve one at boot: hugepagesz=1G hugepages=1"
"$cvio" run --dry-run --memory "mount,1G,1G" --port "vhost-user:$socket" "$l2fwd" >"$dir/dry.log"
grep -q '^# memory: mount, 1024 MiB: 1 page of 1 GiB.*1 region$' "$dir/dry.log" || fail "no page of 1 GiB: $(cat "$dir/dry.log")"
"$cvio" run -d --name "$name" --cpus 1 --memory "mount,1G,1G" --port "vhost-user:$socket" "$l2fwd" >/dev/null
[ "$(cat $gigantic/free_hugepages)" = "$gigantic_before" ] || fail "the container has no page of 1 GiB"
podman rm --force --time 2 "$name" >/dev/null
testpmd_stop
rm -f "$socket"
gigantic_back
[ "$(cat $gigantic/nr_hugepages)" = "$gigantic_before" ] || fail "a page of 1 GiB is left"

# a hugetlb cgroup's limit, where the host has that controller; here it has once version 1's is mounted
cgroup=/sys/fs/cgroup/hugetlb
mkdir $cgroup
cgroup_end() {
	find $cgroup -mindepth 1 -depth -type d -exec rmdir {} \; 2>/dev/null
	umount $cgroup
	rmdir $cgroup
}
at_end cgroup_end
mount -t cgroup -o hugetlb cgroup $cgroup || fail "the hugetlb controller can't be mounted on $cgroup"
launch launcher "${run[@]}"
prints launcher 'waiting up to 60 s'
container=$cgroup$(sed -n 's/.*:hugetlb://p' "/proc/$(pgrep -x l2fwd)/cgroup")
for limit in limit_in_bytes rsvd.limit_in_bytes; do
	[ "$(cat "$container/hugetlb.2MB.$limit")" = $((32 << 20)) ] || fail "$limit is $(cat "$container/hugetlb.2MB.$limit")"
done
killed launcher TERM
cgroup_end

# a launcher that is killed while its container runs: the container ends, and its hook removes the rest
launch launcher "${run[@]}"
prints launcher 'waiting up to 60 s'
killed launcher
wait_for 10 no_folder
[ -z "$(containers)" ] || fail "SIGKILL while it runs: the container is left"

# a group's socket: the container gets the group
cat >"$dir/group.py" <<'PYTHON'
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o660)
os.chown(sys.argv[1], 0, 54321)
s.listen()
print("listens", flush=True)
time.sleep(60)
PYTHON
launch group python3 "$dir/group.py" "$sockets/group.sock"
prints group listens
"$cvio" run --dry-run --memory memfd,32M --port "vhost-user:$sockets/group.sock" $l2fwd >"$dir/dry.log"
grep -q -- '--group-add=54321' "$dir/dry.log" || fail "no --group-add: $(cat "$dir/dry.log")"
grep -q '^# memory: memfd, 32 MiB: 16 pages of 2 MiB.*1 region$' "$dir/dry.log" || fail "no memory: $(cat "$dir/dry.log")"
expect 69 'does not answer as a vhost-user backend' "$cvio" run --name "$name" --memory small \
	--port "vhost-user:$sockets/group.sock,wait=1" $l2fwd
rm "$sockets/group.sock"

# A secondary process of Debian's on the same memory. It may have only such parts as the image has: no driver for PCI.
if command -v dpdk-proc-info >/dev/null; then
	testpmd_backend "$socket"
	"${run[@]}" -d >/dev/null
	folder=$(folders)
	drivers=$(dirname "$(find /usr/lib -path '*/dpdk/pmds-*/librte_bus_vdev.so' | sed -n 1p)")
	cat >"$dir/secondary.sh" <<-'SH'
		set -e
		mkdir "$3/drivers"
		cp -a "$2"/librte_bus_vdev.* "$2"/librte_mempool_ring.* "$3/drivers"
		mount --bind "$1/hugepages" /dev/hugepages
		mount -t tmpfs -o mode=755 none "$2"
		cp -a "$3"/drivers/* "$2"
		chmod 711 "$1"
		RUNTIME_DIRECTORY=$1/telemetry setpriv --reuid 65532 --regid 65532 --clear-groups \
			dpdk-proc-info --no-pci -- -m
	SH
	made=$([ -d /dev/hugepages ] || echo yes) # where the image has it
	mkdir -p /dev/hugepages
	timeout 60 unshare -m sh "$dir/secondary.sh" "$folder" "$drivers" "$dir" >"$dir/secondary.log" 2>&1 ||
		fail "the secondary process can't attach"
	[ -z "$made" ] || rmdir /dev/hugepages
	grep -q 'name:<MP_mbuf_pool>' "$dir/secondary.log" || fail "the secondary process doesn't see the memory zones"
	podman rm --force --time 2 "$name" >/dev/null
	testpmd_stop
fi
wait_for 5 no_folder
