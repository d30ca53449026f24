/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "lcores": which CPUs the process runs on.
 *
 * Should: number the lcores from 0 over the CPUs that the process may use, in their order. Mustn't:
 * pin anything; EAL does that.
 */
#pragma once

#include <stddef.h>

struct config;
struct cvio_error;

#define LCORES_LEN 2048 /* what cpu_list_to_lcores() needs at most */

/**
 * The EAL lcore map: CVIO_LCORES, or what the process's affinity gives.
 *
 * @param map  filled in; LCORES_LEN is always enough for an affinity
 * @param err  CVIO_EXIT_CONFIG: more CPUs than DPDK has lcores, or a map longer than the buffer
 * @return     0 or a negative errno
 */
int lcores_plan(const struct config *config, char *map, size_t len, struct cvio_error *err);
