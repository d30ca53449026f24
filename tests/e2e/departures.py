#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The backends of an l2fwd with two ports leave, come and leave in quick succession, and l2fwd gets SIGTERM meanwhile:

departures.py L2FWD FOLDER server|client split|packed ROUNDS

Each round is a process of its own, which must end with status 0 within 5 seconds. In each fourth one the backends have left
before, and l2fwd must have said so. A backend answers the handshake and moves no frame. The status is 0 if all rounds went well;
FOLDER has the lines of those that didn't."""
import collections
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time

GET_FEATURES, GET_VRING_BASE, GET_PROTOCOL_FEATURES, GET_QUEUE_NUM = 1, 11, 15, 17
VERSION, REPLY, NEED_REPLY = 1, 4, 8
MRG_RXBUF, PROTOCOL_FEATURES, VERSION_1, IN_ORDER = 15, 30, 32, 35
MQ, REPLY_ACK = 0, 3
PORTS = 2

binary, folder, mode, ring, rounds = sys.argv[1:6]
FEATURES = (1 << 64) - 1 if ring == "packed" else sum(1 << bit for bit in (MRG_RXBUF, PROTOCOL_FEATURES, VERSION_1, IN_ORDER))


def receive(connection, size):
    data = b""
    while len(data) < size:
        part, descriptors, _, _ = socket.recv_fds(connection, size - len(data), 8)
        for descriptor in descriptors:
            os.close(descriptor)
        if not part:
            raise ConnectionError
        data += part
    return data


def answer(request, flags, payload):
    if request == GET_FEATURES:
        return struct.pack("<Q", FEATURES)
    if request == GET_PROTOCOL_FEATURES:
        return struct.pack("<Q", 1 << MQ | 1 << REPLY_ACK)
    if request == GET_QUEUE_NUM:
        return struct.pack("<Q", 1)
    if request == GET_VRING_BASE:
        return payload
    return struct.pack("<Q", 0) if flags & NEED_REPLY else None


def serve(connection, messages, seconds):
    """Until so many messages are answered, or none has come for so long."""
    connection.settimeout(seconds)
    try:
        for _ in range(messages):
            request, flags, size = struct.unpack("<III", receive(connection, 12))
            reply = answer(request, flags, receive(connection, size))
            if reply is not None:
                connection.sendall(struct.pack("<III", request, VERSION | REPLY, len(reply)) + reply)
    except TimeoutError:
        pass


class Backend(threading.Thread):
    """Stays with its first connection until it is told to leave; then it comes and goes until the end."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.leave, self.end = threading.Event(), threading.Event()
        if mode == "client":
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
            self.listener.listen()
            self.listener.settimeout(0.02)

    def connect(self):
        if mode == "client":
            return self.listener.accept()[0]
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection

    def visit(self, connection):
        kind = random.random()
        if not self.leave.is_set():
            while not self.leave.is_set():
                serve(connection, 1000, 0.002)
        elif kind < 0.5:
            serve(connection, 1000, random.choice((0.0003, 0.001, 0.005)))
        elif kind < 0.9:
            serve(connection, random.randrange(40), 0.05)
        elif kind > 0.98:  # never answers
            self.end.wait()

    def run(self):
        while not self.end.is_set():
            try:
                with self.connect() as connection:
                    self.visit(connection)
            except OSError:
                time.sleep(0.0005)
            time.sleep(random.choice((0, 0, 0.003)) * random.random())
        if mode == "client":
            self.listener.close()


def start(paths, log):
    options = (",server" if mode == "server" else "") + (",ring=split" if ring == "split" else "")
    environment = {
        "CVIO_PORTS": " ".join(f"vhost-user:{path}{options}" for path in paths),
        "CVIO_MEMORY": "small,32M",
        "NOTIFY_SOCKET": f"{folder}/notify.sock",
    }
    return subprocess.Popen([binary, "--", "-p", str((1 << PORTS) - 1), "-T", "0"], stdout=log, stderr=log, env=environment)


def end(process):
    process.terminate()
    try:
        status = process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "it doesn't end"
    return f"status {status if status >= 0 else 128 - status}"


def part(backends):
    for backend in backends:
        backend.leave.set()
        backend.end.set()
    for backend in backends:
        backend.join()


def says(true):
    """Whether the lines so far are so within a second."""
    for _ in range(100):
        with open(f"{folder}/l2fwd.log") as log:
            if true(log.read()):
                return True
        time.sleep(0.01)
    return False


def all_gone(paths, text):
    """What was said last of each port is that the backend has gone."""
    said = [[line for line in text.splitlines() if f"{path}: the backend" in line] for path in paths]
    return all(port and "has gone" in port[-1] for port in said)


def play(notify, number):
    """A round: how it ended."""
    paths = [f"{folder}/{port}.sock" for port in range(PORTS)]
    backends = [Backend(path) for path in paths]
    with open(f"{folder}/l2fwd.log", "w+") as log:
        process = start(paths, log)
        for backend in backends:
            backend.start()
        try:
            notify.recv(100)
            if number % 4 == 3:  # of a port that isn't quite started yet nothing is said
                says(lambda text: "Checking link status" in text)
            for backend in backends:
                backend.leave.set()
            # a client's next connection is made 50 ms later
            time.sleep(random.choice((0, 0.003, 0.01, 0.06)) * random.random())
            told = True
            if number % 4 == 3:
                part(backends)
                told = says(lambda text: all_gone(paths, text))
            how = end(process) if told else end(process) + ", and it didn't say that the backend has gone"
        except TimeoutError:
            process.kill()
            process.wait()
            how = "it isn't ready"
        part(backends)
        log.seek(0)
        lines = log.read()
    for path in paths:
        if os.path.exists(path):
            os.unlink(path)
    if how != "status 0":
        with open(f"{folder}/{mode}-{ring}-{number}.log", "w") as kept:
            kept.write(f"round {number}: {how}\n{lines}")
    return how


def main():
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(f"{folder}/notify.sock")
    notify.settimeout(10)
    began = time.monotonic()
    ends = collections.Counter(play(notify, number) for number in range(int(rounds)))
    os.unlink(f"{folder}/notify.sock")
    print(f"{mode}, {ring} rings: {dict(ends)} in {time.monotonic() - began:.0f} s", flush=True)
    sys.exit(set(ends) != {"status 0"})


main()
