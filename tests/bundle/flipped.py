#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Change a bundle in one place, again and again, and see each change refused.

    flipped.py flip|cut BUNDLE COUNT COMMAND...

flip: at COUNT positions that are spread over every header, content, padding and the end, one bit or all bits of a byte.
cut:  every length of the last 1,100 bytes, COUNT others, and one to 2,048 bytes more.
COMMAND gets the file's name as its last argument, and must end with 65 (refused) each time.
"""
import os
import subprocess
import sys

BLOCK = 512


def regions(data):
    """(name, begin, end) of all parts of the file, without a gap."""
    at = 0
    while data[at] != 0:
        name = data[at:at + 100].split(b"\0")[0].decode()
        size = int(data[at + 124:at + 135], 8)
        content = at + BLOCK
        padding = content + size
        following = content + (size + BLOCK - 1) // BLOCK * BLOCK
        yield name + " header", at, content
        yield name, content, padding
        yield name + " padding", padding, following
        at = following
    yield "end", at, len(data)


def spread(parts, count):
    """COUNT positions: as many from each part, as far as it has them; the rest from the large ones."""
    parts = sorted((p for p in parts if p[2] > p[1]), key=lambda p: p[2] - p[1])
    for i, (name, begin, end) in enumerate(parts):
        wanted = min(end - begin, count // (len(parts) - i))
        count -= wanted
        for k in range(wanted):
            yield name, begin + (end - begin) * k // wanted


def refused(command, path, what):
    done = subprocess.run([*command, path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 65 or done.stderr.count("\n") != 1:
        sys.exit(f"FAILED: {what}: status {done.returncode}, not 65: {done.stderr}")


def flip(path, data, count, command):
    tried = set()
    seen = set()
    with open(path, "r+b", buffering=0) as file:
        for number, (name, at) in enumerate(spread(list(regions(data)), count)):
            changed = data[at] ^ (0xFF if number % 9 == 8 else 1 << number % 9)
            os.pwrite(file.fileno(), bytes([changed]), at)
            refused(command, path, f"byte {at} ({name}) {data[at]:#04x} -> {changed:#04x}")
            os.pwrite(file.fileno(), data[at:at + 1], at)
            tried.add(at)
            seen.add(name)
    print(f"{len(tried)} flipped bytes in {len(seen)} parts were refused")
    if len(tried) != count or seen != {p[0] for p in regions(data) if p[2] > p[1]}:
        sys.exit(f"FAILED: not {count} positions in all parts")


def cut(path, data, count, command):
    size = len(data)
    lengths = sorted({*range(size - 1100, size), *(size * k // count for k in range(count))}, reverse=True)
    for length in lengths:
        os.truncate(path, length)
        refused(command, path, f"cut to {length} bytes of {size}")
    with open(path, "wb") as file:
        file.write(data)
    for more in (1, 511, 512, 1024, 2048):
        for byte in (b"\0", b"x"):
            with open(path, "ab") as file:
                file.write(byte * more)
            refused(command, path, f"{more} bytes more")
            os.truncate(path, size)
    print(f"{len(lengths)} truncations and 10 longer files were refused")


def main():
    verb, path, count, command = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    with open(path, "rb") as file:
        data = file.read()
    {"flip": flip, "cut": cut}[verb](path, data, count, command)
    with open(path, "rb") as file:
        if file.read() != data:
            sys.exit("FAILED: the test doesn't leave the bundle as it was")


main()
