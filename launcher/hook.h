/* SPDX-License-Identifier: BSD-3-Clause */
/* What the runtime calls the launcher for: the container's end, and its limit of hugepages. */
#pragma once

#include "command.h"

struct cvio_error;
struct memory_spec;
struct state;

/**
 * Write hooks/ into a container's folder, for podman's --hooks-dir.
 *
 * @param limit  so many hugepages and no more; NULL: no limit
 * @param buf  PATH_MAX bytes: the path of hooks/
 */
int hook_write(const struct state *state, const struct memory_spec *limit, char *buf,
	struct cvio_error *err);

/** `cvio poststop FOLDER`, which that hook calls; not for users. */
extern const struct command hook_command;
