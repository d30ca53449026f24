/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EAL keeps 32 GiB of pages of one size in a list, and with single-file segments a list is one
 * file: one region for a backend, which takes 8. Without hugepages all is one file, of twice the
 * size (runtime/memory.c says why).
 */
#include "run/memory_note.h"

#include <inttypes.h>
#include <stdio.h>

#define LIST_SIZE (32ULL << 30)

static uint64_t ceil_div(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

void memory_note(const struct memory_spec *spec, const char *nodes, char *buf, size_t size)
{
	static const char *const kinds[] = {
		[MEMORY_AUTO] = "auto",
		[MEMORY_MEMFD] = "memfd",
		[MEMORY_MOUNT] = "mount",
		[MEMORY_SMALL] = "small",
	};
	uint64_t regions = ceil_div(spec->size, LIST_SIZE);
	uint64_t pages = ceil_div(spec->size, memory_spec_page(spec));
	int n = snprintf(
		buf, size, "memory: %s, %" PRIu64 " MiB: ", kinds[spec->kind], spec->size >> 20);

	if (spec->kind == MEMORY_SMALL) {
		snprintf(buf + n, size - (size_t)n,
			"up to %" PRIu64 " MiB of ordinary pages, 1 region", spec->size >> 19);
		return;
	}
	snprintf(buf + n, size - (size_t)n, "%" PRIu64 " page%s of %s%s%s, %" PRIu64 " region%s%s",
		pages, pages == 1 ? "" : "s",
		memory_spec_page(spec) == MEMORY_PAGE_1G ? "1 GiB" : "2 MiB",
		nodes[0] != '\0' ? " on node " : "", nodes, regions, regions == 1 ? "" : "s",
		spec->kind == MEMORY_AUTO ? "; ordinary pages if so many aren't free" : "");
}
