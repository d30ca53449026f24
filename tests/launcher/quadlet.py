#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The command of a service that podman's generator made, as systemd would run it.

quadlet.py SERVICE KEY RUN_FOLDER [DRY_RUN]: prints the words of KEY's command, each ended by a zero byte. With the text of
`cvio run --dry-run`, each of its words must be in the command.
"""
import pathlib
import shlex
import sys

LONG = ("--name", "--cap-drop", "--network", "--env", "--security-opt")


def command(service, key, folder):
    """systemd's quotes are the shell's here; its variables and specifiers are doubled."""
    path = pathlib.Path(service)
    line = [line for line in path.read_text().splitlines() if line.startswith(key + "=")][-1]
    known = {"%%": "%", "$$": "$", "%t": folder, "%N": path.stem}
    words = []
    for word in shlex.split(line.removeprefix(key + "=")):
        out = ""
        while word:
            size = 2 if word[0] in "%$" else 1
            out += known[word[:2]] if size == 2 else word[0]
            word = word[size:]
        words.append(out)
    return words


def joined(words):
    """Options as one word, "--name x" as "--name=x"."""
    words = iter(words)
    return [word + "=" + next(words) if word in LONG else word for word in words]


def main():
    words = command(*sys.argv[1:4])
    if len(sys.argv) > 4:
        text = "".join(line for line in open(sys.argv[4]) if not line.startswith("#")).replace("\\\n", "")
        wanted = [word for word in shlex.split(text) if not word.startswith("--label=io.cvio.run=")][1:]
        missing = set(wanted) - set(joined(words))
        if missing or words[-4:] != wanted[-4:]:
            sys.exit(f"not in the service's command: {missing}: {words}")
    sys.stdout.write("".join(word + "\0" for word in words))


if __name__ == "__main__":
    main()
