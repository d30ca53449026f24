#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A vhost-user backend that offers split rings only, as old switches do: split_backend.py SOCKET.

DPDK's vhost library always offers packed rings, so no backend in the distribution can show what the runtime does without
them. It answers the negotiation and moves no frame."""
import os
import socket
import struct
import sys

GET_FEATURES, GET_VRING_BASE, GET_PROTOCOL_FEATURES, GET_QUEUE_NUM = 1, 11, 15, 17
VERSION, REPLY, NEED_REPLY = 1, 4, 8
MRG_RXBUF, PROTOCOL_FEATURES, VERSION_1, IN_ORDER = 15, 30, 32, 35


def answer(request, flags, payload):
    if request == GET_FEATURES:
        return struct.pack("<Q", sum(1 << bit for bit in (MRG_RXBUF, PROTOCOL_FEATURES, VERSION_1, IN_ORDER)))
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
        reply = answer(request, flags, payload)
        if reply is not None:
            connection.sendall(struct.pack("<III", request, VERSION | REPLY, len(reply)) + reply)


listener = socket.socket(socket.AF_UNIX)
os.umask(0)
listener.bind(sys.argv[1])
listener.listen()
while True:
    accepted, _ = listener.accept()
    print("connected", flush=True)
    with accepted:
        try:
            serve(accepted)
        except ConnectionError:
            pass
