/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of subcommands: main dispatches by it, help and completion print it. */
#pragma once

#include <getopt.h>

#include "base/command.h"

/* Ends with NULL. */
extern const struct command *const commands[];

extern const struct command help_command;
extern const struct command version_command;
extern const struct command completion_command;

extern const struct option main_longopts[]; /* each in place of the subcommand of that name */

/** Find a subcommand by its name; NULL if there is none. */
const struct command *command_find(const char *name);
