#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/sdk.md is true: outside of the tree, cvio-cc makes static binaries with the runtime of docs/images.md's program and, by
# their own Makefiles, of DPDK's examples; and one of them, in an image of five lines, sends every frame back to the probe.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
image=localhost/cvio-sdk-test
image_own $image
# shellcheck source=/dev/null
. "$build/images/facts"
examples=$(echo "$top"/subprojects/dpdk*-"$DPDK"/examples)
# only what the SDK's user would have
unset PKG_CONFIG_PATH PKG_CONFIG_LIBDIR

# finished FILE: static, stripped, hardened, and the runtime is in it
finished() {
	local headers
	headers=$(readelf --wide --program-headers "$1")
	! grep -q INTERP <<<"$headers" || fail "$1 isn't static: it names an interpreter"
	! grep -E 'GNU_STACK .* RWE' <<<"$headers" || fail "$1 has an executable stack"
	grep -q GNU_RELRO <<<"$headers" || fail "$1 has no RELRO"
	! readelf --wide --sections "$1" | grep '\.symtab' >/dev/null || fail "$1 isn't stripped"
	[ "$CPU" = aarch64 ] || readelf --notes "$1" | grep "x86 ISA needed:.* $CPU" >/dev/null || fail "$1 doesn't say that it needs $CPU"
	expect 64 'CVIO_LOG: "loud"' env CVIO_LOG=loud "$1"
}

# made_of FILE: what .cvio.sbom says
made_of() {
	objcopy --dump-section .cvio.sbom=/dev/stdout "$1" /dev/null
}

"$top/images/sdk/stage.sh" "$build" "$dir/the sdk" 2>"$dir/stage.log" || fail "the SDK can't be staged"
for archive in "$dir/the sdk"/lib/*.a; do
	[ "$(head -c 7 "$archive")" = '!<arch>' ] || fail "$archive holds no objects"
done

mkdir "$dir/an app"
awk '/^`images\/hello\/hello.c`:$/ {found = 1; next}
	/^```/ {if (writing) exit; writing = found; next}
	writing' "$top/docs/images.md" >"$dir/an app/hello.c"
grep -q rte_eal_init "$dir/an app/hello.c" || fail "docs/images.md doesn't have hello.c"
(cd "$dir/an app" && "$dir/the sdk/bin/cvio-cc" -Wall -Werror -o hello hello.c) 2>"$dir/hello.log" ||
	fail "cvio-cc can't make hello"
finished "$dir/an app/hello"
made_of "$dir/an app/hello" >"$dir/hello.json"
jq -e --arg dpdk "$DPDK" '.format == 1 and ([.components[] | {(.name): .}] | add |
	.dpdk.version == $dpdk and (.dpdk.sha256 | test("^[0-9a-f]{64}$")) and (.dpdk.source | test("^https://")) and
	.dpdk.parts["drivers/net/virtio"] > 50000 and .dpdk.parts["lib/eal"] > 50000 and .dpdk.parts["drivers/net/vhost"] == null and
	.musl.parts.libc > 50000 and .musl.licenses == "MIT" and .cvio.parts.runtime > 5000 and
	.application.parts.code > 200 and .application.parts.code < 20000 and .libpcap == null)' \
	"$dir/hello.json" >/dev/null || fail "hello isn't made of what it should be: $(cat "$dir/hello.json")"

# with its symbols, the bytes add up
(cd "$dir/an app" && "$dir/the sdk/bin/cvio-cc" -g -o hello.g hello.c) || fail "cvio-cc -g can't make hello"
want=$(nm --defined-only --format=posix --radix=d "$dir/an app/hello.g" | awk '$2 !~ /^[aAbBcNn]$/ && $4 > 0 {print $3, $4}' |
	sort -n -k 1,1 -k 2,2r | awk '{end = $1 + $2; if ($1 > past) past = $1; if (end > past) {sum += end - past; past = end}}
	END {print sum}')
got=$(made_of "$dir/an app/hello.g" | jq '[.components[].parts[]] | add')
[ "$got" = "$want" ] || fail ".cvio.sbom tells of $got bytes, the symbols of $want"

# threads' stacks: as with glibc, unless the user says otherwise, wherever
stack_of() { # ARGUMENT…: in KiB
	(cd "$dir/an app" && "$dir/the sdk/bin/cvio-cc" "$@" -o hello.stack hello.c) || fail "cvio-cc $* can't make hello"
	echo $(($(readelf --wide --program-headers "$dir/an app/hello.stack" | awk '$1 == "GNU_STACK" {print $6}') / 1024))
}
got=$(stack_of)
[ "$got" = 8192 ] || fail "cvio-cc's programs have stacks of $got KiB, not 8192"
# gcc hands -z over before what comes by -Wl
for own in -Wl,-z,stack-size=1048576 '-Wl,-z -Wl,stack-size=1048576' '-z stack-size=1048576'; do
	# shellcheck disable=SC2086
	got=$(stack_of $own)
	[ "$got" = 1024 ] || fail "cvio-cc $own: stacks of $got KiB, not 1024"
done
rm "$dir/an app/hello.stack"

# moved, and to where make can follow: it can't depend on a file with a space in its name
mv "$dir/the sdk" "$dir/sdk"
cp -r "$examples/skeleton" "$examples/l2fwd" "$dir/"
export PATH=$dir/sdk/bin:$PATH
expect 2 "is another DPDK's; set PKG_CONFIG_PATH=$dir/sdk/lib/pkgconfig" make -C "$dir/skeleton" static CC=cvio-cc
mkdir "$dir/elsewhere"
cp "$dir/an app/hello.c" "$dir/elsewhere/"
(cd "$dir/elsewhere" && TMPDIR=$dir cvio-cc -o hello hello.c) || fail "cvio-cc can't make hello elsewhere"
cmp "$dir/an app/hello" "$dir/elsewhere/hello" || fail "the same source gives another binary in another folder"
expect 64 'cvio-cc: -shared' cvio-cc -shared -o "$dir/hello.so" "$dir/an app/hello.c"
export PKG_CONFIG_PATH=$dir/sdk/lib/pkgconfig
[ "$(pkg-config --modversion libdpdk)" = "$DPDK" ] || fail "libdpdk isn't DPDK $DPDK"
# each links for some seconds on one CPU; skeleton is made a backend, too
make -C "$dir/skeleton" static CC=cvio-cc PKGCONF="pkg-config cvio-vhost" >"$dir/skeleton.log" 2>&1 &
skeleton=$!
make -C "$dir/l2fwd" static CC=cvio-cc >"$dir/l2fwd.log" 2>&1 || fail "l2fwd can't be made"
wait $skeleton || fail "skeleton can't be made"
finished "$dir/skeleton/build/basicfwd"
finished "$dir/l2fwd/build/l2fwd"
got=$(stat --dereference -c %s "$dir/l2fwd/build/l2fwd")
ours=$(stat -c %s "$build/images/l2fwd/l2fwd")
[ $((got * 100)) -le $((ours * 105)) ] && [ $((got * 105)) -ge $((ours * 100)) ] ||
	fail "l2fwd has $got bytes, the same built in the tree $ours"

# a backend's driver comes with cvio-vhost only; skeleton has it, and wants two ports
port=CVIO_PORTS=vhost-backend:$dir/backend.sock
expect 69 "does the image have the driver net_vhost?" env CVIO_MEMORY=small "$port" "$dir/l2fwd/build/l2fwd" -- -p 1
expect 1 "number of ports must be even" env CVIO_MEMORY=small "$port" "$dir/skeleton/build/basicfwd"

# drivers that are asked for, two at once; libpcap comes with the one that calls it
# shellcheck disable=SC2046
cvio-cc $(pkg-config --static --cflags libdpdk cvio-pcap cvio-ring) -o "$dir/drivers" "$dir/an app/hello.c" \
	$(pkg-config --static --libs libdpdk cvio-pcap cvio-ring) 2>"$dir/drivers.log" || fail "two drivers can't be linked"
made_of "$dir/drivers" | jq -e '([.components[] | {(.name): .parts}] | add) |
	.libpcap.libpcap > 10000 and .dpdk["drivers/net/pcap"] > 1000 and .dpdk["drivers/net/ring"] > 1000' >/dev/null ||
	fail "pcap, ring and libpcap aren't what it is made of: $(made_of "$dir/drivers")"
grep -aq 'PMD_INFO_STRING= {"name": "net_pcap"' "$dir/drivers" || fail "net_pcap isn't registered"
! grep -aq 'PMD_INFO_STRING= {"name": "net_pcap"' "$dir/an app/hello" || fail "hello has net_pcap"
grep -aq 'PMD_INFO_STRING= {"name": "net_virtio_user"' "$dir/an app/hello" || fail "hello doesn't have net_virtio_user"
for package in "$dir"/sdk/lib/pkgconfig/cvio-*.pc; do
	package=$(basename "$package" .pc)
	pkg-config --exists "$package" || fail "pkg-config has no answer for $package"
	library=$(pkg-config --libs "$package" | grep -o 'librte_net_[a-z0-9_]*\.a,--no-whole' | sed -n 1p | cut -d , -f 1)
	[ -f "$dir/sdk/lib/$library" ] || fail "$package wants $library, which isn't there"
done
[ "$(pkg-config --list-all | grep -c '^cvio-')" -ge 13 ] || fail "drivers are missing: $(pkg-config --list-all)"

# what goes wrong is said by the compiler, and by cvio-cc where it has a remedy
cat >"$dir/glibc.c" <<END
#include <stdio.h>
int hello(const char *name);
int hello(const char *name) { return printf("%s", name); }
END
gcc -O2 -D_FORTIFY_SOURCE=2 -c -o "$dir/glibc.o" "$dir/glibc.c"
echo 'int hello(const char *); int main(int n, char **v) { return hello(v[n - 1]); }' >"$dir/main.c"
expect 1 "cvio-cc: $dir/glibc.o: was compiled for another C library (__printf_chk); compile it with cvio-cc" \
	cvio-cc -o "$dir/main" "$dir/main.c" "$dir/glibc.o"
echo 'int rte_eth_from_rings(void); int main(void) { return rte_eth_from_rings(); }' >"$dir/ring.c"
expect 1 "cvio-cc: rte_eth_from_rings is of the driver ring: pkg-config --cflags --libs cvio-ring" \
	cvio-cc -o "$dir/ring" "$dir/ring.c"
echo '#include <rte_kni.h>' >"$dir/kni.c"
expect 1 "cvio-cc: rte_kni.h is of DPDK's lib/kni, which this SDK doesn't have" cvio-cc -c -o "$dir/kni.o" "$dir/kni.c"
echo 'int main(void) { return nothing; }' >"$dir/wrong.c"
expect 1 "undeclared (first use in this function)" cvio-cc -o "$dir/wrong" "$dir/wrong.c"

# the Containerfile of docs/sdk.md
awk '/^```Dockerfile/ {writing = 1; next} /^```/ {writing = 0} writing' "$top/docs/sdk.md" >"$dir/an app/Containerfile"
[ "$(wc -l <"$dir/an app/Containerfile")" = 5 ] || fail "docs/sdk.md has no Containerfile of five lines"
buildah bud --layers=false --tag $image "$dir/an app" >"$dir/bud.log" 2>&1 || fail "buildah bud failed"

socket=$sockets/p0.sock
launch run "$cvio" run --name "${prefix}hello" --cpus 1 --port "vhost-user:$socket" $image
"$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$socket" localhost/cvio/probe -- \
	--seconds 0 --count 20000 --json >"$dir/probe.json" 2>"$dir/probe.log" ||
	fail "the probe ended with $?: $(cat "$dir/probe.json")"
jq -e '[.rows[].paced | select(.sent == 20000 and .received == 20000 and .lost == 0 and .damaged == 0)] | length == 6' \
	"$dir/probe.json" >/dev/null || fail "$(cat "$dir/probe.json")"
podman stop "${prefix}hello" >/dev/null
