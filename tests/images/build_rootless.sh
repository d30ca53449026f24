# shellcheck shell=bash disable=SC2154
# The last part of build.sh, which sources it: an ordinary user, with a storage of its own that got the SDK as another machine
# would get it, builds the image of the same digest. The user exists in build.sh's mount namespace only.

say "another user, another storage"
command -v newuidmap >/dev/null || fail "newuidmap is needed, of Debian's uidmap"
getent passwd $user >/dev/null && fail "uid $user is somebody's"
cd "$dir" || exit
install -d -o $user -g $user -m 700 "$dir/home" "$dir/run"
install -m 755 "$cvio" "$dir/cvio"
(cat /etc/passwd && echo "cvio-test:x:$user:$user::$dir/home:/bin/sh") >"$dir/passwd"
echo "$user:$subids:65536" >"$dir/subids"
[ -z "${CONTAINERS_CONF:-}" ] || install -m 644 "$CONTAINERS_CONF" "$dir/containers.conf"
chmod 644 "$dir/passwd" "$dir/subids"
mount --bind "$dir/passwd" /etc/passwd
mount --bind "$dir/subids" /etc/subuid
mount --bind "$dir/subids" /etc/subgid
as_user=(setpriv --reuid "$user" --regid "$user" --clear-groups env -i "PATH=$PATH" "HOME=$dir/home" "XDG_RUNTIME_DIR=$dir/run"
	${CONTAINERS_CONF:+"CONTAINERS_CONF=$dir/containers.conf"})
for name in sdk base; do
	skopeo copy --quiet --dest-compress-level 1 "containers-storage:localhost/cvio/$name" "oci:$dir/far:$name" 2>"$dir/far.log"
	chmod -R go+rX "$dir/far"
	"${as_user[@]}" skopeo copy --quiet "oci:$dir/far:$name" "containers-storage:localhost/cvio/$name" 2>"$dir/far.log" ||
		skip "rootless storage doesn't work: $(tail -n 1 "$dir/far.log")"
done
cp -r "$dir/app" "$dir/home/hello"
chown -R $user:$user "$dir/home/hello"
(umask 027 && cd "$dir/home/hello" && "${as_user[@]}" "$dir/cvio" build) >"$dir/user.out" 2>"$dir/user.log" ||
	fail "the user's build: $(cat "$dir/user.log")"
theirs=$("${as_user[@]}" podman image inspect --format '{{.Id}} {{.Digest}}' localhost/hello)
[ "$theirs" = "$good" ] || fail "the user's digest is $theirs, not $good"
cmp "$dir/home/.local/share/cvio/sbom/hello.spdx.json" "$dir/good.spdx.json" || fail "the user's bill of materials is another"
[ -z "$("${as_user[@]}" buildah containers --quiet)" ] || fail "the user's working container is left"
[ "$("${as_user[@]}" podman images --all --quiet | wc -l)" = 3 ] || fail "images of the user's are left"
"${as_user[@]}" podman system migrate
