/* SPDX-License-Identifier: BSD-3-Clause */
/* The ports that are devices of the host: vhost-kernel and pci. */
#pragma once

#include <stddef.h>

#include "image/image.h"
#include "pmd/grammar/words.h"

struct cvio_error;
struct port_spec;

/**
 * Check such a port before its container starts.
 *
 * @param number   the port's, for messages
 * @param devices  the paths of the nodes that the container needs are added, without repetition
 * @param err      CVIO_EXIT_UNAVAILABLE: a module, a NIC or a network isn't there, or a name is
 *                 taken; CVIO_EXIT_CONFIG; LAUNCHER_EXIT_NO_PERMISSION: only root can do that
 */
int port_device_check(
	size_t number, const struct port_spec *port, struct words *devices, struct cvio_error *err);
