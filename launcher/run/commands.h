/* SPDX-License-Identifier: BSD-3-Clause */
/* The subcommands of this room, for the table of them all. */
#pragma once

#include "base/command.h"

extern const struct command run_command;

/**
 * Check, without starting anything, whether `cvio run` with this command line would work.
 *
 * @return  0, or a negative errno with err as `cvio run` would have it
 */
int run_check(int argc, char **argv, struct cvio_error *err);
