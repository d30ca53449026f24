#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Eight of DPDK's examples become images by `cvio build`, by their own Makefiles, not a line changed, and start: seven bring
# their virtio-user ports up against Debian's testpmd; vhost wants a NIC with VMDq pools, and says so.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
podman image exists localhost/cvio/sdk || fail "localhost/cvio/sdk isn't there; run: make sdk-image"
image=localhost/cvio-examples-test
end() {
	local status=$?
	set +e # or the trap ends at the status that is handed on
	podman rmi --force $image >/dev/null 2>&1
	(exit $status)
	test_end
}
trap end EXIT
export XDG_DATA_HOME=$dir/data
# shellcheck source=/dev/null
. "$build/images/facts"
examples=$(echo "$top"/subprojects/dpdk*-"$DPDK"/examples)

# image_make FOLDER PORTS MEMORY
image_make() {
	local context=$dir/context
	rm -rf "$context"
	mkdir -m 755 "$context"
	cp -r "$examples/$1" "$examples/common" "$context/"
	cat >"$context/Containerfile" <<-END
		FROM localhost/cvio/sdk AS build
		COPY . .
		RUN make -C $1 static && mv $1/build/*-static /app

		FROM localhost/cvio/base
		COPY --from=build /app /app
		LABEL io.cvio.memory="small,$3" io.cvio.ports="$2..$2"
		ENV CVIO_MEMORY="small,$3"
		ENTRYPOINT ["/app", "--"]
	END
	"$cvio" build -t $image "$context" >"$dir/build.log" 2>&1 || fail "$1 can't be built"
}

# image_start FOLDER PORTS ARGUMENT…
image_start() {
	local folder=$1 ports=() args=() socket
	shift
	for socket in a b; do
		[ "${#ports[@]}" -ge $(($1 * 2)) ] || ports+=(--port "vhost-user:$sockets/$socket.sock")
	done
	shift
	case ${1:-} in
	lcores=*)
		args=(--cpus 0-1 --podman-args "-e CVIO_LCORES=$(seq -s , -f %g@1 0 $((${1#lcores=} - 1)))")
		shift
		;;
	*) args=(--cpus 1) ;;
	esac
	if [ "$folder" = vhost ]; then
		expect 1 "Failed to get VMDq info." "$cvio" run --name "${prefix}example" "${args[@]}" "${ports[@]}" $image -- "$@"
		return
	fi
	# returns when the program has started each port
	"$cvio" run --detach --name "${prefix}example" "${args[@]}" "${ports[@]}" $image -- "$@" >"$dir/run.log" 2>&1 ||
		fail "$folder does not start: $(cat "$dir/run.log")"
	podman rm --force --time 1 "${prefix}example" >/dev/null
}

testpmd_backend "$sockets/a.sock" 1 "$sockets/b.sock"
while read -r folder ports memory args; do
	case $folder in
	'') break ;;
	'#'*) continue ;;
	esac
	image_make "$folder" "$ports" "$memory" </dev/null
	# shellcheck disable=SC2086
	image_start "$folder" "$ports" $args </dev/null
	say "$folder: built and started"
	count=$((${count:-0} + 1))
done <"$top/tests/images/examples.list"
[ "${count:-0}" = 8 ] || fail "${count:-0} examples"
testpmd_stop
rm -f "$sockets"/[ab].sock
