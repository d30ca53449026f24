/* SPDX-License-Identifier: BSD-3-Clause */
/* What a bundle of the OCI runtime specification has for vhost-kernel and pci ports. */
#pragma once

#include "run/run_make.h"

struct cvio_error;
struct json_t;

/**
 * Add the device nodes, owned by the container's user, and the hooks that call this program.
 *
 * @param bundle  its config.json, with "linux" and "process"
 * @param err     CVIO_EXIT_UNAVAILABLE: a node without a fixed number isn't on this host
 */
int generate_devices(const struct run *run, struct json_t *bundle, struct cvio_error *err);
