#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Holds the includes of the tree against the list of rooms in docs/architecture.md: rooms.py [ROOT]

A room is a folder with C sources. Its row in the list says which other rooms it may include:

    | `launcher/run` | what it is for | base, host, pmd/grammar |

An include names the room, below launcher/, images/ or the top. What is told: a file that is in no room of the list, an include
that is in no room, an arrow that the list hasn't, one that the list has and no include needs, and a circle.
"""
import os
import re
import subprocess
import sys

ROOTS = ("", "launcher/", "images/")  # where includes are looked for, as meson.build's tree_include has it
ROW = re.compile(r"^\| `([a-z0-9_/-]+)` \| [^|]+ \| ([^|]*) \|$")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def list_read(path):
    """The rows of the list: {room: {room it may include: line of the row}}."""
    rooms = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            row = ROW.match(line.rstrip("\n"))
            if row:
                names = [name.strip() for name in row[2].split(",") if name.strip() not in ("", "-")]
                rooms[row[1]] = {name: number for name in names}
    return rooms


def spelled(room):
    """A room as includes spell it."""
    for root in ROOTS[1:]:
        if room.startswith(root):
            return room[len(root):]
    return room


def sources(top):
    command = ["git", "-C", top, "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.c", "*.h", ":!subprojects"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return sorted(set(path for path in listed.stdout.split("\n") if path and os.path.exists(os.path.join(top, path))))
    found = []
    for folder, folders, names in os.walk(top):
        if folder == top:
            folders[:] = [f for f in folders if not f.startswith("build") and f != "subprojects"]
        found += [os.path.relpath(os.path.join(folder, n), top) for n in names if n.endswith((".c", ".h"))]
    return sorted(found)


def resolve(top, include):
    for root in ROOTS:
        if os.path.exists(os.path.join(top, root + include)):
            return root + include
    return None


def file_check(top, path, rooms, used, complain):
    room = os.path.dirname(path)
    if room not in rooms:
        complain(f"{path}: {room}/ is in no row of the list; add the room, or move the file")
        return
    with open(os.path.join(top, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            at = f"{path}:{number}: \"{match[1]}\""
            target = resolve(top, match[1])
            other = os.path.dirname(target) if target else None
            if other is None or other not in rooms:
                complain(f"{at}: is in no room; name the room, as in \"base/child.h\", or write <…> for what isn't ours")
            elif other != room:
                used.add((room, spelled(other)))
                if spelled(other) not in rooms[room]:
                    complain(f"{at}: {room} may not include {spelled(other)}; the list has {', '.join(rooms[room]) or 'nothing'}")


def circle_find(rooms):
    """A circle in the list as the rooms on it, or None."""
    folder = {spelled(room): room for room in rooms}
    done, way = set(), []

    def visit(room):
        if room in way:
            return way[way.index(room):] + [room]
        if room in done:
            return None
        way.append(room)
        for name in rooms[room]:
            found = visit(folder[name]) if name in folder else None
            if found:
                return found
        way.pop()
        done.add(room)
        return None

    for room in rooms:
        found = visit(room)
        if found:
            return found
    return None


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    page = "docs/architecture.md"
    rooms = list_read(os.path.join(top, page))
    faults, used = [], set()
    if not rooms:
        faults.append(f"{page}: no row of the list is there")
    for path in sources(top):
        file_check(top, path, rooms, used, faults.append)
    names = {spelled(room) for room in rooms}
    for room, arrows in rooms.items():
        if not os.path.isdir(os.path.join(top, room)):
            faults.append(f"{page}: {room}: there is no such folder")
        for name, line in arrows.items():
            if name not in names:
                faults.append(f"{page}:{line}: {name}: is no room of the list")
            elif (room, name) not in used:
                faults.append(f"{page}:{line}: {room} includes nothing of {name}; take the arrow out")
    circle = circle_find(rooms)
    if circle:
        faults.append(f"{page}: a circle: {' -> '.join(circle)}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
