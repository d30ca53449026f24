/* SPDX-License-Identifier: BSD-3-Clause */
/* What the runtime calls the launcher for: the container's end, its limit of hugepages, its wires.
 */
#pragma once

#include "base/command.h"

struct cvio_error;
struct memory_spec;
struct state;
struct words;

/**
 * Write hooks/ into a container's folder, for podman's --hooks-dir.
 *
 * @param limit  so many hugepages and no more; NULL: no limit
 * @param owner  of the taps of wired ports
 * @param wired  ports for wire.h
 * @param buf    PATH_MAX bytes: the path of hooks/
 */
int hook_write(const struct state *state, const struct memory_spec *limit, const char *owner,
	const struct words *wired, char *buf, struct cvio_error *err);

/** `cvio poststop FOLDER`, which that hook calls; not for users. */
extern const struct command hook_command;
