/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ports of containers as devices of the Container Device Interface, which an engine adds by
 * name: `podman run --device cvio.io/port=NAME`. One device holds all ports of one container, since
 * they share a variable. Pure: from values to JSON.
 */
#pragma once

#include "run/plan.h"

struct cvio_error;
struct json_t;

#define CDI_KIND "cvio.io/port"

/** A specification without devices; NULL without memory. */
struct json_t *cdi_new(void);

/**
 * Add a container's ports as the device of its name.
 *
 * @param plan  borrowed
 * @param spec  from cdi_new()
 * @param err   -EINVAL, CVIO_EXIT_CONFIG: the name can't be a device's; -ENOMEM
 */
int cdi_add(const struct run_plan *plan, struct json_t *spec, struct cvio_error *err);
