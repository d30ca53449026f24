/* SPDX-License-Identifier: BSD-3-Clause */
/* The container's end, as the runtime tells it. */
#pragma once

#include "command.h"

struct cvio_error;
struct state;

/**
 * Write hooks/cvio.json into a container's folder, for podman's --hooks-dir.
 *
 * @param buf  PATH_MAX bytes: the path of hooks/
 */
int hook_write(const struct state *state, char *buf, struct cvio_error *err);

/** `cvio poststop FOLDER`, which that hook calls; not for users. */
extern const struct command hook_command;
