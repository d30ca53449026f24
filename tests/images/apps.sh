#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The images of DPDK's own applications do their work: l3fwd and testpmd send the probe's frames back, vhost-switch carries
# them between two of its sockets, and testpmd answers on a terminal.
. "$(dirname "$0")/../lib.sh"

PAGES_WANTED=400 # vhost-switch alone takes 192
test_begin "$@"

# probe NAME PORT…: the probe's frames in three sizes come back, each one
probe() {
	local name=$1 ports=() port
	shift
	for port; do ports+=(--port "$port"); done
	"$cvio" run --name "${prefix}probe" --cpus 0 "${ports[@]}" localhost/cvio/probe -- \
		--seconds 0 --count 5000 --sizes 64,512,1518 --json >"$dir/$name.json" 2>"$dir/probe.log" ||
		fail "$name: the probe ended with $?: $(cat "$dir/$name.json")"
	jq -e '[.rows[].paced | select(.sent >= 5000 and .received == .sent and .damaged == 0)] | length == 3' \
		"$dir/$name.json" >/dev/null || fail "$name: $(cat "$dir/$name.json")"
}

# One lcore, so that the port needs one Tx queue. It sends what isn't IP back by the port that it came from.
launch l3fwd "$cvio" run --name "${prefix}l3fwd" --cpus 1 --port "vhost-user:$sockets/l3fwd.sock" localhost/cvio/l3fwd
probe l3fwd "vhost-backend:$sockets/l3fwd.sock"
podman stop "${prefix}l3fwd" >/dev/null
grep -q 'Adding route 198.18.0.0 / 24' "$dir/l3fwd.log" || fail "l3fwd has no routes"

# Its first lcore prints, the others forward.
launch testpmd "$cvio" run --name "${prefix}testpmd" --cpus 0-1 --port "vhost-user:$sockets/testpmd.sock" localhost/cvio/testpmd
probe testpmd "vhost-backend:$sockets/testpmd.sock"
podman stop "${prefix}testpmd" >/dev/null

# The sockets are its own arguments, so their folder is a mount that cvio doesn't know of.
launch vhost "$cvio" run --name "${prefix}vhost" --cpus 0-1 --podman-args "--mount=type=bind,source=$sockets,destination=$sockets" \
	localhost/cvio/vhost-switch -- --socket-file "$sockets/a.sock" --socket-file "$sockets/b.sock"
makes vhost "$sockets/b.sock" 30
probe vhost-switch "vhost-user:$sockets/a.sock" "vhost-user:$sockets/b.sock"
podman stop "${prefix}vhost" >/dev/null
# the example leaves them when a signal ends it
rm -f "$sockets"/[ab].sock

# testpmd's command line, through a terminal.
expect 64 "--tty: standard input and output aren't a terminal" "$cvio" run --tty localhost/cvio/testpmd -- -i
python3 - "$cvio" "${prefix}terminal" >"$dir/terminal.log" 2>&1 <<'END' || fail "testpmd doesn't answer on a terminal"
import os, pty, re, select, sys, time

cvio, name = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(cvio, [cvio, "run", "--tty", "--name", name, "--cpus", "0-1", "--memory", "small",
                    "localhost/cvio/testpmd", "--", "-i"])
text = ""


def wait_for(pattern, seconds=60):
    global text
    end = time.time() + seconds
    while not re.search(pattern, text):
        if time.time() > end or not select.select([fd], [], [], end - time.time())[0]:
            sys.exit(f"no {pattern!r} in: {text!r}")
        try:
            text += os.read(fd, 4096).decode(errors="replace")
        except OSError:  # the other side has closed it
            sys.exit(f"ended before {pattern!r}: {text!r}")
    text = text[re.search(pattern, text).end():]


def say(line):
    os.write(fd, (line + "\r").encode())


wait_for("testpmd> ")
say("port attach net_null0")
wait_for("Port 0 is attached")
wait_for("testpmd> ")
say("show port summary all")
wait_for("Number of available ports: 1")
wait_for("testpmd> ")
say("nonsense")
wait_for("Bad arguments|Command not found")
say("quit")
wait_for("Bye")
try:
    while os.read(fd, 4096):
        pass
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
