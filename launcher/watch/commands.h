/* SPDX-License-Identifier: BSD-3-Clause */
/* The subcommands of this room, for the table of them all. */
#pragma once

#include "base/command.h"

extern const struct command ps_command;
extern const struct command stats_command;
extern const struct command top_command;
extern const struct command metrics_command;
