#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The five limitations that DPDK's how-to "virtio-user for container networking" lists are gone:
# hugepage files that stay unless unlinked; no run without hugepages; no more than 8 pages of 2 MiB; a name pattern of
# hugepage files that matters; root.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
socket=$sockets/p0.sock
testpmd_backend "$socket"
name=${prefix}l2fwd

run() { # MEMORY ARGS…
	local memory=$1
	shift
	"$cvio" run -d --name "$name" --cpus 1 --memory "$memory" --port "vhost-user:$socket" "$@" \
		localhost/cvio/l2fwd >/dev/null
	pid=$(podman inspect "$name" --format '{{.State.Pid}}')
}

hugepages_kb() {
	sed -n 's/^HugetlbPages:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"
}

# frames go both ways: testpmd sends some into the loop and sees them come back, again and again
loops() {
	within 10 testpmd_loops || fail "$1: more than 32 frames expected to come back; the last try: $tried"
}

end() {
	podman rm --force --time 2 "$name" >/dev/null
}

# 16 pages: more than the 8 that a backend could map one by one
free=$(free_pages)
run memfd,32M
[ "$(hugepages_kb)" = 32768 ] || fail "memfd,32M takes $(hugepages_kb) kB of hugepages"
grep -q '/memfd:.*(deleted)' "/proc/$pid/maps" || fail "the memory is not of a memfd"
! grep -q rtemap "/proc/$pid/maps" || fail "hugepage files are in use"
[ "$(sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status")" != 0 ] || fail "it runs as root"
loops "16 pages of 2 MiB"
# nothing to unlink: the pages are free again after a SIGKILL
podman kill --signal KILL "$name" >/dev/null
no_pages_left() { [ "$(free_pages)" -ge "$free" ]; }
wait_for 5 no_pages_left
left=$(awk '$3 == "hugetlbfs" {print $2}' /proc/mounts | xargs -r -I{} find {} -type f -name '*map_*')
[ -z "$left" ] || fail "hugepage files are left: $left"
end

# without hugepages at all
run small,32M
[ "$(hugepages_kb)" = 0 ] || fail "small takes $(hugepages_kb) kB of hugepages"
loops "memory small"
end

# auto with too few free pages, since another process has reserved them: small, with one warning
cat >"$dir/hog.py" <<'PYTHON'
import mmap, sys, time
MAP_HUGETLB = 0x40000
pages = mmap.mmap(-1, int(sys.argv[1]) * 2 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_HUGETLB)
print("reserved", flush=True)
time.sleep(60)
PYTHON
launch hog python3 "$dir/hog.py" "$(free_pages)"
prints hog reserved
run auto,32M
podman logs "$name" 2>&1 | grep 'running on ordinary pages' >/dev/null || fail "auto doesn't warn"
[ "$(hugepages_kb)" = 0 ] || fail "auto takes $(hugepages_kb) kB of hugepages, and none is free"
loops "memory auto without free pages"
end
killed hog

# more than 8 regions are refused before the backend hears of it, naming what to change
install -d -o $uid "$dir/huge"
at_end umount "$dir/huge"
mount -t hugetlbfs -o "pagesize=2M,size=64M,uid=$uid,mode=0700" none "$dir/huge"
devices=$(grep -c 'new vhost device\|new device' "$dir/testpmd.log")
status=0
out=$(CVIO_PORTS="vhost-user:$socket" CVIO_EAL_ARGS="--legacy-mem --huge-dir $dir/huge -m 32 --no-shconf --huge-unlink=always" \
	setpriv --reuid $uid --regid $uid --clear-groups "$build/images/l2fwd/l2fwd" -- -p 1 2>&1) || status=$?
umount "$dir/huge"
[ "$status" = 64 ] || fail "16 regions: status $status: $out"
grep -q '16 regions; a vhost-user backend takes 8. Remove --legacy-mem' <<<"$out" || fail "16 regions: $out"
[ "$(grep -c 'new vhost device\|new device' "$dir/testpmd.log")" = "$devices" ] || fail "16 regions: the backend was contacted"
testpmd_stop
