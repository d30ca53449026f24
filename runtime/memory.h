/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "memory": which kind of memory, how much of it, and whether a backend can map it.
 *
 * A vhost-user backend takes at most 8 regions, each by a file descriptor
 * (VHOST_MEMORY_MAX_NREGIONS in DPDK and the vhost-user specification's baseline). EAL's default
 * makes one of every page. So the segments are always single-file.
 *
 * Should: choose the kind, say what is missing. Mustn't: allocate; EAL does that.
 */
#pragma once

#include <stdbool.h>

#include "pmd/grammar/memory_spec.h"

struct cvio_error;

#define MEMORY_REGIONS_MAX 8

struct memory_plan {
	enum memory_kind kind; /* memfd, mount or small: auto is settled */
	uint64_t size;         /* bytes for EAL; for small twice what the specification says */
};

/**
 * Settle the kind. `auto` becomes memfd, or small with one warning.
 *
 * @param spec  with a size
 * @param err   CVIO_EXIT_MEMORY: memfd, and not enough free pages
 * @return      0 or a negative errno
 */
int memory_plan(const struct memory_spec *spec, struct memory_plan *plan, struct cvio_error *err);

/**
 * Count the regions that a backend would be given, after EAL's initialisation.
 *
 * @param err   CVIO_EXIT_CONFIG: more than MEMORY_REGIONS_MAX, and what to change
 * @return      the number of regions, or -E2BIG or another negative errno
 */
int memory_regions_check(struct cvio_error *err);
