/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run's memory will be, for `cvio run --dry-run`. */
#pragma once

#include <stddef.h>

#include "pmd/grammar/memory_spec.h"

/**
 * Describe the memory: its kind and size, its pages and where they are, and in how many regions a
 * backend maps it.
 *
 * @param spec   with its size
 * @param nodes  NUMA nodes, such as "0"; "": unknown
 * @param buf    256 bytes are enough
 */
void memory_note(const struct memory_spec *spec, const char *nodes, char *buf, size_t size);
