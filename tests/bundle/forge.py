#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Make a bundle that somebody with bad intentions, or another program, would make from a good one.

    forge.py GOOD OUT WHAT [KEY [NAMESPACE]]

With a KEY the forged bundle.json is signed anew, as a signer would do it whom the reader trusts.
"""
import json
import os
import subprocess
import sys
import tarfile
import tempfile


def read(path):
    with tarfile.open(path) as tar:
        return [(m, tar.extractfile(m).read()) for m in tar.getmembers()]


def member(name, data=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def header(info):
    """As a bundle has it: device numbers in each header, which Python's tarfile leaves empty."""
    block = bytearray(info.tobuf(tarfile.USTAR_FORMAT)[:512])
    if not info.isdev():
        block[329:345] = b"0000000\0" * 2
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def write(path, parts):
    with open(path, "wb") as file:
        for info, data in parts:
            file.write(header(info) + data + bytes(-len(data) % 512))
        file.write(bytes(1024))


def sign(text, key, namespace):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "text")
        with open(path, "wb") as file:
            file.write(text)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace, path], check=True,
                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(path + ".sig", "rb") as file:
            return file.read()


def find(parts, name):
    return next(i for i, (info, _) in enumerate(parts) if info.name == name)


def forge_tar(parts, what):
    """Changes of the tar that leave bundle.json as it was signed."""
    last = find(parts, "oci/oci-layout")
    one, two = find(parts, "LICENSE"), find(parts, "install.sh")
    if what == "swapped":
        parts[one], parts[two] = parts[two], parts[one]
    elif what == "exchanged":  # the names stay, the contents change places
        a, b = parts[one], parts[two]
        parts[one] = member(a[0].name, b[1], mode=0o644)
        parts[two] = member(b[0].name, a[1], mode=0o755)
    elif what == "missing":
        del parts[last]
    elif what == "twice":
        parts.insert(last, parts[last])
    elif what == "more":
        parts.append(member("zzz", b"more"))
    elif what == "absolute":
        parts.insert(last, member("/etc/cvio-was-here", b"x"))
    elif what == "upwards":
        parts.insert(last, member("../cvio-was-here", b"x"))
    elif what == "symlink":
        parts[last] = member("oci/oci-layout", type=tarfile.SYMTYPE, linkname="/etc/passwd")
    elif what == "hardlink":
        parts[last] = member("oci/oci-layout", type=tarfile.LNKTYPE, linkname="LICENSE")
    elif what == "device":
        parts[last] = member("oci/oci-layout", type=tarfile.CHRTYPE, devmajor=1, devminor=5)
    elif what == "owner":
        parts[last][0].uid = 1000
    elif what == "time":
        parts[last][0].mtime = 1
    elif what == "unsigned":
        del parts[0]
    else:
        return False
    return True


def forge_index(index, parts, what):
    """Changes of bundle.json itself; the members follow it where a name or size is told."""
    one = index["members"][0]
    if what == "name-upwards":
        one["name"] = "../LICENSE"
    elif what == "name-absolute":
        one["name"] = "/LICENSE"
    elif what == "name-twice":
        index["members"].insert(1, dict(one))
    elif what == "huge":
        one["size"] = 8 << 30
    elif what == "negative":
        one["size"] = -1
    elif what == "setuid":
        one["mode"] = "4755"
    elif what == "no-digest":
        del one["sha256"]
    elif what == "option-as-image":
        index["images"][0]["name"] = "--all"
    elif what == "format":
        index["format"] = 2
    elif what == "blob-not-held":
        index["images"][0]["variants"][0]["digest"] = "sha256:" + 64 * "0"
    elif what == "other-id":
        index["images"][0]["variants"][0]["id"] = 64 * "0"
    elif what != "same":
        sys.exit(f"{what}: no such forgery")


def main():
    good, out, what = sys.argv[1:4]
    parts = read(good)
    if not forge_tar(parts, what):
        at = find(parts, "bundle.json")
        index = json.loads(parts[at][1])
        forge_index(index, parts, what)
        parts[at] = member("bundle.json", json.dumps(index).encode(), mode=0o644)
    if len(sys.argv) > 4:
        text = parts[find(parts, "bundle.json")][1]
        namespace = sys.argv[5] if len(sys.argv) > 5 else "cvio-bundle"
        parts[0] = member("bundle.json.sig", sign(text, sys.argv[4], namespace), mode=0o644)
    write(out, parts)


main()
