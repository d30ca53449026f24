/* SPDX-License-Identifier: BSD-3-Clause */
/* The NUMA nodes of CPUs. */
#pragma once

#include <sched.h>
#include <stddef.h>

#define NUMA_FOLDER "/sys/devices/system/node"

/**
 * Find the nodes that CPUs belong to.
 *
 * @param folder  NUMA_FOLDER
 * @param cpus    NULL: those that this process may run on
 * @param buf     filled in with a list such as "0" or "0-1"; "" when nothing is known
 * @return        how many nodes with CPUs the host has; 0 where the kernel knows no nodes
 */
int numa_nodes(const char *folder, const cpu_set_t *cpus, char *buf, size_t size);
