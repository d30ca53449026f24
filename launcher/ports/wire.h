/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The hooks that give a container what its vhost-kernel and pci ports need of the host, and take it
 * back. They are the engine's to call, not a user's; OCI hooks, since only these run when the
 * container's network is there and its process is not, and also after the launcher was killed.
 */
#pragma once

#include "base/command.h"

#define WIRE_NAME "wire"
#define UNWIRE_NAME "unwire"

/** `cvio wire OWNER PORT...`, at createRuntime: device nodes for the container's user, and taps. */
extern const struct command wire_command;

/** `cvio unwire OWNER PORT...`, at poststop: the taps are removed. */
extern const struct command unwire_command;
