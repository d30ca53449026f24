/* SPDX-License-Identifier: BSD-3-Clause */
/* The subcommands of this room, for the table of them all. */
#pragma once

#include "base/command.h"

extern const struct command generate_command;
