#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Makes the SDK image's root, localhost/cvio/sdk-root, of distribution packages: the system's own apt sources, no registry.
# images/sdk/root.sh [CPU]; aarch64 adds its cross compiler, as localhost/cvio/sdk-root:aarch64.
#
# It takes most of a minute, so it is done again only when something would be different: the image's label has a hash of the
# versions that apt would install, and of this script. The same packages give the same digest: timestamps are 0, and
# neither caches nor logs nor the machine's name are in it.
set -eu
export LC_ALL=C.UTF-8 PATH="/usr/bin:/usr/sbin:$PATH"
here=$(cd "$(dirname "$0")" && pwd)
case ${1:-} in
aarch64) tag=aarch64 lists="$here/packages.list $here/packages-aarch64.list" ;;
*) tag=latest lists=$here/packages.list ;;
esac
image=localhost/cvio/sdk-root:$tag
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

die() {
	echo "images/sdk/root.sh: $*" >&2
	exit 1
}
other='or name an image with gcc and musl-gcc as BASE'

# The system's sources that are the distribution's own: other vendors' have no part in an image.
sources() {
	# shellcheck source=/dev/null
	distribution=$(. /etc/os-release && echo "$ID")
	apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
		awk -F '|' -v id="$distribution" 'tolower($1) == id {print "deb " $2 " " $3 " " $4}' | sort -u
}

# What apt would install on an empty system, as it knows the archive now.
versions() {
	# shellcheck disable=SC2086
	apt-get --simulate --no-install-recommends -o Dir::State::status=/dev/null install $packages |
		awk '$1 == "Inst" {print $2, $3}' | sort
}

label() {
	podman image inspect --format '{{index .Labels "io.cvio.sdk-root"}}' "$image" 2>/dev/null || true
}

command -v apt-get >/dev/null || die "apt-get is missing: this isn't Debian or one of its kin; $other"
# shellcheck disable=SC2086
packages="$(cat $lists | sed 's/#.*//' | xargs) ${SDK_PACKAGES:-}"
if [ -z "$(sources)" ] && [ "$(id -u)" = 0 ]; then
	apt-get update >"$work/log" 2>&1 || cat "$work/log" >&2
fi
if [ -z "$(sources)" ]; then
	[ -z "$(label)" ] || exit 0 # nothing can be newer as long as the archive isn't known
	die "apt knows no packages; run apt-get update as root, $other"
fi
versions >"$work/versions" || die "apt can't install $packages"
want=$(cat "$work/versions" "$0" | sha256sum | cut -c 1-64)
[ "$(label)" != "$want" ] || exit 0

command -v mmdebstrap >/dev/null || die "mmdebstrap is missing; run toolchain/install-packages.sh as root, $other"
echo "sdk: $(wc -l <"$work/versions") packages of the distribution, unpacked and set up (about 40 s)" >&2
# What compiling for musl never touches: documentation, translations, sanitizers (glibc's), tools to look into gcc itself.
# Licences stay. The device nodes are the engine's. The hook links /bin to /usr/bin, for which a package would need perl.
set -- --aptopt='APT::Install-Recommends "false"'
# an archive that stands still (a snapshot, a mirror that lags) is one where the system's own apt takes it
[ "$(apt-config shell valid Acquire::Check-Valid-Until/b)" != "valid='false'" ] ||
	set -- "$@" --aptopt='Acquire::Check-Valid-Until "false"'
for path in '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/lintian/*' \
	'/usr/bin/*lto-dump*' '/usr/bin/*gprofng*' '/usr/bin/*-dwp' '/usr/lib/*/gprofng/*' '/usr/lib/*/libgprofng.so*' \
	'/usr/lib/*san.so*' '/usr/lib/gcc/*san.*' '/usr/lib/gcc/*san_preinit.o'; do
	set -- "$@" --dpkgopt="path-exclude=$path"
done
set -- "$@" --dpkgopt='path-include=/usr/share/doc/*/copyright'
# shellcheck disable=SC2016
if ! sources | SOURCE_DATE_EPOCH=0 mmdebstrap --variant=essential --include="$(echo "$packages" | xargs | tr ' ' ',')" "$@" \
	--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr --skip=output/dev --customize-hook='cd "$1" && rm -rf etc/apt/sources.list etc/hostname etc/machine-id \
		etc/resolv.conf var/cache/* var/log/* var/lib/dpkg/*-old var/lib/systemd' \
	'' "$work/root.tar" - >"$work/log" 2>&1; then
	cat "$work/log" >&2
	die "mmdebstrap failed; see the lines above"
fi
echo "sdk: $image" >&2
before=$(podman image inspect --format '{{.Id}}' "$image" 2>/dev/null) || true
# shellcheck disable=SC1091
version=$(. /etc/os-release && echo "$PRETTY_NAME")
if ! buildah bud --format oci --layers=false --timestamp 0 --identity-label=false --tag "$image" --file - "$work" >"$work/log" 2>&1 <<-EOF; then
	FROM scratch
	ADD root.tar /
	LABEL io.cvio.sdk-root="$want" org.opencontainers.image.title="cvio SDK's root" \
	      org.opencontainers.image.description="Compiler and musl, of $version's packages"
	CMD ["/bin/bash"]
EOF
	cat "$work/log" >&2
	die "buildah failed; see the lines above"
fi
# images on the old one keep it
if [ -n "$before" ] && [ "$before" != "$(podman image inspect --format '{{.Id}}' "$image")" ]; then
	buildah rmi "$before" >/dev/null 2>&1 || true
fi
