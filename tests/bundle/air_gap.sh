#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The commands of docs/air-gap.md, as they stand there: at home with the images' storage; at the site without a network,
# without our launcher and with an empty storage, in which two containers exchange packets at the end.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/bundle/storage.sh
. "$(dirname "$0")/storage.sh"
test_begin "$@"
at_end bundle_end
export TMPDIR=$dir/tmp
mkdir "$TMPDIR" "$dir/home" "$dir/site"
chmod 755 "$dir/site"

# the blocks of the page in order: N.home or N.site
awk -v to="$dir" '
	/^```sh$/ { getline; place = $NF; n++; inside = 1; next }
	/^```$/ { inside = 0 }
	inside { print > (to "/" sprintf("%02d", n) "." place) }
' "$top/docs/air-gap.md"
[ "$(ls "$dir"/*.home "$dir"/*.site | wc -l)" = 8 ] || fail "docs/air-gap.md has other blocks than it had: $(ls "$dir")"

storage site # makes its configuration
export CONTAINERS_STORAGE_CONF=$usual_storage
[ -n "$usual_storage" ] || unset CONTAINERS_STORAGE_CONF
export NAME=${prefix}l2fwd
: >"$dir/site.env"
for block in "$dir"/[0-9]*; do
	say "$(basename "$block"): $(tail -n 1 "$block")"
	case $block in
	*.home)
		(cd "$dir/home" && PATH=$build/launcher:$PATH bash -euo pipefail "$block") >"$dir/block.log" 2>&1 ||
			fail "$(basename "$block"): $(cat "$dir/block.log")"
		;;
	*.site)
		# what crosses the gap
		cp "$dir"/home/*.bundle "$dir/home/signer.pub" "$dir/site/"
		! command -v cvio || fail "a cvio is installed here, so this proves nothing"
		(cd "$dir/site" && CONTAINERS_STORAGE_CONF=$dir/site.conf timeout 120 unshare --net bash -euo pipefail -c \
			". '$dir/site.env'; . '$block'; export -p >'$dir/site.env'") >"$dir/block.log" 2>&1 ||
			fail "$(basename "$block"): $(cat "$dir/block.log")"
		;;
	esac
done
export CONTAINERS_STORAGE_CONF=$dir/site.conf
for name in l2fwd probe base; do
	podman image exists "localhost/cvio/$name" || fail "localhost/cvio/$name isn't in the site's storage"
done
[ -f "$dir/site/local/share/man/man1/cvio-run.1" ] || fail "the man pages aren't installed"
for file in bash-completion/completions/cvio zsh/site-functions/_cvio; do
	grep -q '^run --port - port ' "$dir/site/local/share/$file" || fail "share/$file isn't installed, or empty"
done
no_temporary_folders
