/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory grammar of CVIO_MEMORY, `--memory` and the label io.cvio.memory: KIND[,SIZE[,PAGE]]
 * with KIND auto, memfd, mount or small and SIZE a number of bytes with an optional suffix K, M or
 * G (powers of 1024): `memfd,64M`. PAGE, 2M or 1G, is for mount: the size of the mount's pages,
 * which EAL takes as it finds them: `mount,2G,1G`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct cvio_error;

#define MEMORY_SIZE_MIN \
	(8ULL << 20) /* bytes: below it, EAL's own structures don't fit beside one mbuf pool */
#define MEMORY_SIZE_MAX (512ULL << 30) /* bytes: RTE_MAX_MEM_MB of DPDK as it is built here */

enum memory_kind {
	MEMORY_AUTO,  /* memfd if enough pages are free, else small with one warning */
	MEMORY_MEMFD, /* hugetlb memfds */
	MEMORY_MOUNT, /* a hugetlbfs mounted at /dev/hugepages */
	MEMORY_SMALL, /* ordinary pages from a memfd */
};

struct memory_spec {
	enum memory_kind kind;
	uint64_t size; /* bytes, a multiple of a page (rounded up); 0: not given */
	uint64_t page; /* bytes; 0: not given, which is MEMORY_PAGE_2M */
};

#define MEMORY_PAGE_2M (2ULL << 20)
#define MEMORY_PAGE_1G (1ULL << 30)

/** The size of its hugepages in bytes. */
static inline uint64_t memory_spec_page(const struct memory_spec *spec)
{
	return spec->page != 0 ? spec->page : MEMORY_PAGE_2M;
}

/**
 * Parse a memory specification.
 *
 * @param text  borrowed, not NULL
 * @param spec  filled in on success
 * @param err   on failure: CVIO_EXIT_CONFIG and a text that names the value and what is allowed;
 * may be NULL
 * @return      0, or -EINVAL
 */
int memory_spec_parse(const char *text, struct memory_spec *spec, struct cvio_error *err);

/** Print a memory specification in the grammar ("memfd,64M"). Returns the length or -ENOSPC; 32
 * bytes are enough. */
int memory_spec_format(const struct memory_spec *spec, char *buf, size_t len);
