#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Watching: cvio stats, top and metrics beside what really passed, with a container that starts, hangs or has died.
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034
PAGES_WANTED=128
test_begin "$@"
socket=$sockets/p0.sock
name=${prefix}l2fwd

probe() { # ARGS…
	timeout 60 "$cvio" run --name "${prefix}probe" --cpus 0 --port "vhost-backend:$socket,queues=2" localhost/cvio/probe -- \
		--sizes 64 --wait 20 --json "$@" >"$dir/probe.json" 2>"$dir/probe.log"
}

launch l2fwd "$cvio" run --name "$name" --cpus 1 --memory memfd,32M --port "vhost-user:$socket,wait=30,queues=2" localhost/cvio/l2fwd
starting() { [[ $("$cvio" stats "$name" 2>&1) == *'is still starting'* ]]; }
wait_for 10 starting
expect 69 "$name: is still starting" "$cvio" stats "$name"
# a backend that sends, and goes again: the counters stand still
probe --count 20000 --seconds 0 || fail "frames were lost"

# stats: as many as the probe sent and a short warm-up, of 60 bytes without FCS, and all of them sent on
"$cvio" stats --json "$name" >"$dir/stats.json"
sent=$(jq '[.rows[].paced.sent] | add' "$dir/probe.json")
jq --exit-status --argjson sent "$sent" --arg path "$socket" '
	.containers | length == 1 and (.[0].ports | length == 1) and (.[0].ports[0] |
		.rx.packets >= $sent and .rx.packets < $sent + 2000 and .rx.bytes == .rx.packets * 60 and
		.tx.packets == .rx.packets and .tx.bytes == .rx.bytes and .rx.errors == 0 and
		.path == $path and .index == 0 and .kind == "vhost-user" and .queues == 1 and .link == "down" and
		.ring.layout == "packed" and .ring.in_order and .ring.queues_max == 2)
	' "$dir/stats.json" >/dev/null || fail "of $sent frames, the counters are: $(cat "$dir/stats.json")"
pid=$(podman inspect "$name" --format '{{.State.Pid}}')
[ "$(jq '.containers[0].pid' "$dir/stats.json")" = "$pid" ] || fail "the process isn't $pid"
packets=$(jq '.containers[0].ports[0].rx.packets' "$dir/stats.json")
"$cvio" stats "$name" | grep -E "^$name +0 down packed [imv]+ +- +$packets +" >/dev/null || fail "the table: $("$cvio" stats)"
expect 64 "nobody: no container of cvio has this name" "$cvio" stats nobody

# metrics: the same numbers three ways
"$cvio" metrics >"$dir/metrics"
grep -qF "cvio_port_receive_packets_total{container=\"$name\",port=\"0\"} $packets" "$dir/metrics" || fail "$(cat "$dir/metrics")"
[ "$(tail -n 1 "$dir/metrics")" = "# EOF" ] || fail "no end mark"
mkdir "$dir/prom"
"$cvio" metrics --textfile "$dir/prom/cvio.prom"
[ "$(ls "$dir/prom")" = cvio.prom ] || fail "files beside the text: $(ls "$dir/prom")"
ours() { grep -F "container=\"$name\"" "$1" | grep -v cpu_seconds; } # CPU time goes on, and others may have containers
same() { diff <(ours "$dir/metrics") <(ours "$1") >&2 || fail "$1 differs"; }
same "$dir/prom/cvio.prom"
expect 64 'name a file in a folder that is there' "$cvio" metrics --textfile "$dir/none/cvio.prom"
launch server "$cvio" metrics --listen "unix:$dir/metrics.sock"
makes server "$dir/metrics.sock"
curl --silent --show-error --unix-socket "$dir/metrics.sock" --dump-header "$dir/head" http://localhost/metrics >"$dir/scraped"
same "$dir/scraped"
grep -qi '^Content-Type: application/openmetrics-text; version=1.0.0' "$dir/head" || fail "$(cat "$dir/head")"
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' --unix-socket "$dir/metrics.sock" http://localhost/x)" = 404 ] ||
	fail "/x isn't 404"
expect 64 'Address in use' "$cvio" metrics --listen "unix:$dir/metrics.sock"
killed server
launch server "$cvio" metrics --listen "unix:$dir/metrics.sock" # in place of the leftover
makes server "$dir/metrics.sock"
answers() { curl --silent --fail --unix-socket "$dir/metrics.sock" http://localhost/; }
wait_for 5 answers
kill $server
ended server 0
[ ! -e "$dir/metrics.sock" ] || fail "its socket is left"
rm "$dir/prom/cvio.prom"
launch server "$cvio" metrics --textfile "$dir/prom/cvio.prom" --interval 1
makes server "$dir/prom/cvio.prom"
kill $server
ended server 0
[ -z "$(ls "$dir/prom")" ] || fail "a file of figures outlives who kept it up"

# top: numbers that move, an idle share, and the terminal as it was
expect 64 'cvio stats' "$cvio" top
cat >"$dir/top.py" <<'PYTHON'
import fcntl, os, re, select, signal, struct, subprocess, sys, termios, time

cvio, name, end, expected = sys.argv[1:]
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 160, 0, 0))
before = termios.tcgetattr(slave)
top = subprocess.Popen([cvio, "top", name], stdin=slave, stdout=slave)
data, begin, told = b"", time.monotonic(), False
while top.poll() is None or select.select([master], [], [], 0.1)[0]:
    if select.select([master], [], [], 0.1)[0]:
        data += os.read(master, 65536)
    if not told and time.monotonic() - begin > 3.5:
        told = True
        if end == "q":
            os.write(master, b"q")
        else:
            top.send_signal(getattr(signal, end))
    if time.monotonic() - begin > 20:
        top.kill()
        sys.exit("top doesn't end")
text = data.decode()
if top.returncode != 0:
    sys.exit(f"status {top.returncode}: {text}")
if termios.tcgetattr(slave) != before:
    sys.exit("the terminal's settings are others")
if not text.startswith("\x1b[?1049h") or not text.endswith("\x1b[?25h\x1b[?1049l"):
    sys.exit(f"the terminal's first screen isn't back: {text!r}")
rows = re.findall(re.escape(name[:16]) + r" +0 up +packed \w+ +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+ +0 +([\d.]+|-) +([\d.]+|-)", text)
print(rows)
if len(rows) < 3:
    sys.exit(f"only {len(rows)} looks: {text!r}")
if expected == "moving" and not any(float(r[0]) > 0 and float(r[2]) > 0 and r[3] != "-" and r[4] != "-"
        and 0 <= float(r[4]) <= 100 for r in rows):
    sys.exit(f"nothing moves: {rows}")
PYTHON
probe --count 1000 --seconds 8 &
probe=$!
is_up() { [ "$("$cvio" stats --json "$name" | jq -r '.containers[0].ports[0].link')" = up ]; }
wait_for 10 is_up
python3 "$dir/top.py" "$cvio" "$name" q moving >"$dir/top.log" || fail "top, ended by q: $(cat "$dir/top.log")"
python3 "$dir/top.py" "$cvio" "$name" SIGINT any >"$dir/top.log" || fail "top, ended by SIGINT: $(cat "$dir/top.log")"
wait $probe || fail "frames were lost while watched"

# one that hangs costs a second and hides no other
podman pause "$name" >/dev/null
begin=$EPOCHREALTIME
expect 69 "$name: doesn't answer within a second" "$cvio" stats
[ "$(jq -n "$EPOCHREALTIME - $begin < 3")" = true ] || fail "a container that hangs holds up"
"$cvio" metrics | grep -F "cvio_container_up{container=\"$name\"," >/dev/null || fail "no metric of the container that hangs"
podman unpause "$name" >/dev/null
"$cvio" stats "$name" >/dev/null || fail "it doesn't answer after the pause"

# it has ended: whatever way, it isn't shown
podman kill --signal KILL "$name" >/dev/null
killed l2fwd TERM
expect 64 "$name: no container of cvio has this name" "$cvio" stats "$name"
! "$cvio" metrics | grep -F "$name" >/dev/null || fail "metrics of a container that has ended"
