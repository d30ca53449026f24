/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host must have for an image to run: CPUs, a level of instructions, hugepages. Only
 * looks, never changes. */
#pragma once

#include <stdint.h>

#include "pmd/grammar/memory_spec.h"

struct cvio_error;

#define HOST_CPUS_TEXT 4096 /* bytes that hold any list of CPUs */

struct hugepages {
	uint64_t total, free, reserved; /* the reserved are among the free */
};

/** Read the host's pool of pages of a size in bytes. -ENOENT: the kernel has none of that size. */
int hugepages_read(uint64_t page, struct hugepages *pages);

/** How many pages of a size a size takes, both in bytes. */
uint64_t hugepages_wanted(uint64_t size, uint64_t page);

/** How many pages a newcomer may still take. */
uint64_t hugepages_available(const struct hugepages *pages);

/**
 * Check that the memory can be had.
 *
 * `auto` and `small` always can. `memfd` needs free pages; `mount` also root.
 *
 * @param spec  with its size
 * @param err   -ENOMEM or -EPERM, CVIO_EXIT_MEMORY: how much is wanted and free, and the command
 * that mends it
 */
int host_check_memory(const struct memory_spec *spec, struct cvio_error *err);

/**
 * Check that CPUs exist, are online and allowed for this process.
 *
 * @param text  a list as in cpu_list.h
 * @param err   -EINVAL, CVIO_EXIT_CONFIG
 */
int host_check_cpus(const char *text, struct cvio_error *err);

/** Whether this CPU has a level ("x86-64-v3", "aarch64"): 1, 0, or -EINVAL for a level that is
 * unknown. */
int host_has_level(const char *level);

/** The highest level that this CPU has; static. */
const char *host_level(void);

/** Check the same for an image. -EINVAL, LAUNCHER_EXIT_UNFIT. */
int host_check_level(const char *level, const char *image, struct cvio_error *err);
