#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Eight of DPDK's examples become images by `cvio build`, by their own Makefiles, not a line changed, and start: seven bring
# their virtio-user ports up against Debian's testpmd; vhost, with the SDK's driver pools for the NIC that it insists on,
# makes its socket.
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
podman image exists localhost/cvio/sdk || fail "localhost/cvio/sdk isn't there; run: make sdk-image"
image=localhost/cvio-examples-test
image_own $image
export XDG_DATA_HOME=$dir/data
# shellcheck source=/dev/null
. "$build/images/facts"
examples=$(echo "$top"/subprojects/dpdk*-"$DPDK"/examples)

# image_make FOLDER PORTS MEMORY DRIVER: none, or one of the SDK's
image_make() {
	local context=$dir/context
	rm -rf "$context"
	mkdir -m 755 "$context"
	cp -r "$examples/$1" "$examples/common" "$context/"
	cat >"$context/Containerfile" <<-END
		FROM localhost/cvio/sdk AS build
		COPY . .
		RUN make -C $1 static PKGCONF="pkg-config ${4:+cvio-$4}" && mv $1/build/*-static /app

		FROM localhost/cvio/base
		COPY --from=build /app /app
		LABEL io.cvio.memory="small,$3" io.cvio.ports="$2..$2" io.cvio.drivers="${4:+net_$4}"
		ENV CVIO_MEMORY="small,$3"
		ENTRYPOINT ["/app", ${4:+"\"--vdev=net_${4}0\"", }"--"]
	END
	"$cvio" build -t $image "$context" >"$dir/build.log" 2>&1 || fail "$1 can't be built"
}

# image_start FOLDER PORTS LCORES ARGUMENT…
image_start() {
	local folder=$1 count=$2 lcores=$3 ports=() args=(--cpus 1) socket
	shift 3
	for socket in a b; do
		[ "${#ports[@]}" -ge $((count * 2)) ] || ports+=(--port "vhost-user:$sockets/$socket.sock")
	done
	[ "$lcores" = 1 ] || args=(--cpus 0-1 --podman-args "-e CVIO_LCORES=$(seq -s , -f %g@1 0 $((lcores - 1)))")
	# ports bring the folder along
	[ "$count" != 0 ] || args+=(--podman-args "--mount=type=bind,source=$sockets,destination=$sockets")
	# returns when the program has started each port
	touch "$dir/example.began"
	"$cvio" run --detach --name "${prefix}example" "${args[@]}" "${ports[@]}" $image -- "${@/SOCKET/$sockets/own.sock}" \
		>"$dir/run.log" 2>&1 || fail "$folder does not start: $(cat "$dir/run.log")"
	[ "$count" != 0 ] || wait_for 20 made_since "$sockets/own.sock" "$dir/example.began"
	podman rm --force --time 1 "${prefix}example" >/dev/null
	rm -f "$sockets/own.sock"
}

testpmd_backend "$sockets/a.sock" 1 "$sockets/b.sock"
while read -r folder ports memory args; do
	case $folder in
	'') break ;;
	'#'*) continue ;;
	esac
	lcores=1 driver=
	case $args in lcores=*) lcores=${args%% *} args=${args#* } ;; esac
	case $args in driver=*) driver=${args%% *} args=${args#* } ;; esac
	image_make "$folder" "$ports" "$memory" "${driver#driver=}" </dev/null
	# shellcheck disable=SC2086
	image_start "$folder" "$ports" "${lcores#lcores=}" $args </dev/null
	say "$folder: built and started"
	count=$((${count:-0} + 1))
done <"$top/tests/images/examples.list"
[ "${count:-0}" = 8 ] || fail "${count:-0} examples"
testpmd_stop
rm -f "$sockets"/[ab].sock
