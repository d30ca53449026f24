#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A vhost-user backend that moves no frame but does what no backend in the distribution can be made to do:

fake_backend.py split SOCKET      offers split rings only, as old switches do; DPDK's vhost library always offers packed ones
fake_backend.py leaves SOCKET     offers all and leaves in the middle of each handshake, as Open vSwitch does while it looks for
                                  the largest pool that fits its memory
fake_backend.py leaves SOCKET N   the same as the one that connects, N times"""
import os
import socket
import struct
import sys

GET_FEATURES, SET_VRING_NUM, GET_VRING_BASE, GET_PROTOCOL_FEATURES, GET_QUEUE_NUM = 1, 8, 11, 15, 17
VERSION, REPLY, NEED_REPLY = 1, 4, 8
MRG_RXBUF, PROTOCOL_FEATURES, VERSION_1, IN_ORDER = 15, 30, 32, 35

kind, path = sys.argv[1:3]
SPLIT_ONLY = sum(1 << bit for bit in (MRG_RXBUF, PROTOCOL_FEATURES, VERSION_1, IN_ORDER))
FEATURES = {"split": SPLIT_ONLY, "leaves": (1 << 64) - 1}[kind]


def answer(request, flags, payload):
    if request == GET_FEATURES:
        return struct.pack("<Q", FEATURES)
    if request == GET_PROTOCOL_FEATURES:
        return struct.pack("<Q", 0)
    if request == GET_QUEUE_NUM:
        return struct.pack("<Q", 1)
    if request == GET_VRING_BASE:
        return payload
    return struct.pack("<Q", 0) if flags & NEED_REPLY else None


def serve(connection):
    while header := connection.recv(12):
        request, flags, size = struct.unpack("<III", header)
        payload = connection.recv(size) if size else b""
        if kind == "leaves" and request == SET_VRING_NUM:
            return
        reply = answer(request, flags, payload)
        if reply is not None:
            connection.sendall(struct.pack("<III", request, VERSION | REPLY, len(reply)) + reply)


def serve_whole(connection):
    print("connected", flush=True)
    with connection:
        try:
            serve(connection)
        except ConnectionError:
            pass


if len(sys.argv) > 3:
    for _ in range(int(sys.argv[3])):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        serve_whole(connection)
    sys.exit()
listener = socket.socket(socket.AF_UNIX)
os.umask(0)
listener.bind(path)
listener.listen()
while True:
    serve_whole(listener.accept()[0])
