/* SPDX-License-Identifier: BSD-3-Clause */
/* A container's limit of hugepages. */
#pragma once

#include <stdbool.h>

#include "base/command.h"
#include "pmd/grammar/memory_spec.h"

/** Whether the host's cgroups have the controller on, and we may use it. */
bool hook_limit_possible(void);

/** `cvio limit BYTES PAGE`, which a hook calls with the container's state; not for users. */
extern const struct command limit_command;
