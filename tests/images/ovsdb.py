# SPDX-License-Identifier: BSD-3-Clause
"""What third_party.sh needs of Open vSwitch's database, in place of its own tools, which would each be linked for seconds.

ovsdb.py create SCHEMA FILE     an empty database
ovsdb.py switch SOCKET PORT...  one bridge over DPDK's ports of these names
"""
import hashlib
import json
import socket
import sys


def create(schema, path):
    text = json.dumps(json.load(open(schema)), separators=(",", ":"), sort_keys=True)
    with open(path, "w") as out:
        out.write(f"OVSDB JSON {len(text)} {hashlib.sha1(text.encode()).hexdigest()}\n{text}")


def transact(path, operations):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    request = {"method": "transact", "params": ["Open_vSwitch", *operations], "id": 0}
    connection.sendall(json.dumps(request).encode())
    answer = b""
    while True:
        more = connection.recv(65536)
        answer += more
        try:
            reply = json.loads(answer)
            break
        except ValueError:
            if not more:
                sys.exit(f"the database's answer ends early: {answer!r}")
    if reply.get("error") or any(r is None or "error" in r for r in reply["result"]):
        sys.exit(f"the database refuses: {reply}")


def insert(table, label, **row):
    return {"op": "insert", "table": table, "row": row, "uuid-name": label}


def switch(path, ports):
    operations = []
    for i, device in [(f"p{i}", port) for i, port in enumerate(ports)] + [("br0", None)]:
        row = {"type": "internal"} if device is None else {
            "type": "dpdk", "options": ["map", [["dpdk-devargs", device]]]}
        operations.append(insert("Interface", f"interface_{i}", name=i, **row))
        operations.append(insert("Port", f"port_{i}", name=i, interfaces=["named-uuid", f"interface_{i}"]))
    names = ["set", [["named-uuid", o["uuid-name"]] for o in operations if o["table"] == "Port"]]
    operations.append(insert("Bridge", "bridge", name="br0", datapath_type="netdev", ports=names))
    operations.append(insert("Open_vSwitch", "all", bridges=["named-uuid", "bridge"],
                             other_config=["map", [["dpdk-init", "true"], ["pmd-cpu-mask", "2"]]]))
    transact(path, operations)


if __name__ == "__main__":
    if sys.argv[1] == "create":
        create(*sys.argv[2:])
    else:
        switch(sys.argv[2], sys.argv[3:])
