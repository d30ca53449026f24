/* SPDX-License-Identifier: BSD-3-Clause */
/* What `cvio ps` shows, from what podman tells. */
#pragma once

#include <stdio.h>
#include <time.h>

struct json_t;

/**
 * Put the list together.
 *
 * @param ps       JSON of `podman ps --all`
 * @param inspect  JSON of `podman inspect` of these containers; one that isn't in it has ended and
 *                 gone meanwhile, and is left out
 * @param now      for the uptime
 * @return         an array of objects, owned by the caller, by chain and name: name, chain,
 *                 container, image, state, uptime (s), cpus, ports; null where there is none. NULL
 *                 if it isn't such JSON, or without memory
 */
struct json_t *ps_list(const char *ps, const char *inspect, time_t now);

/** Print it as a table. */
void ps_print(const struct json_t *list, FILE *out);
