#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Part of a cvio bundle: installs the launcher, its man pages and completion, then loads the bundle's images.
#
#     install.sh [--prefix FOLDER] BUNDLE ARGUMENT…
#
# The arguments go to `cvio bundle load`: --key KEY, --base OLD. This script checks nothing, as it is itself what has to
# be checked: verify the bundle first, with a cvio that is there already or by hand (cvio-bundle(1)).
set -eu
prefix=/usr/local
if [ "${1:-}" = --prefix ]; then
	prefix=${2:?--prefix: which folder?}
	shift 2
fi
if [ $# = 0 ]; then
	echo "install.sh: BUNDLE is missing; usage: install.sh [--prefix FOLDER] BUNDLE --key KEY" >&2
	exit 64
fi
here=$(cd "$(dirname "$0")" && pwd)
launcher=$here/bin/cvio-$(uname -m)
if [ ! -f "$launcher" ]; then
	echo "install.sh: $launcher: the bundle has no launcher for this machine; it has: $(ls "$here/bin")" >&2
	exit 66
fi
mkdir -p "$prefix/bin" "$prefix/share/man/man1" "$prefix/share/cvio"
# by another name first: a cvio that runs can't be written to
cp "$launcher" "$prefix/bin/cvio.new"
chmod 755 "$prefix/bin/cvio.new"
mv "$prefix/bin/cvio.new" "$prefix/bin/cvio"
cp "$here"/man/man1/*.1 "$prefix/share/man/man1/"
bash=$prefix/share/bash-completion/completions zsh=$prefix/share/zsh/site-functions
mkdir -p "$bash" "$zsh"
"$prefix/bin/cvio" completion bash >"$bash/cvio"
"$prefix/bin/cvio" completion zsh >"$zsh/_cvio"
cp "$here/LICENSE" "$here/install.sh" "$prefix/share/cvio/"
bundle=$1
shift
exec "$prefix/bin/cvio" bundle load "$@" "$bundle"
