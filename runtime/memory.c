/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>

#include <rte_errno.h>
#include <rte_memory.h>

#include "pmd/grammar/error.h"
#include "pmd/log.h"

#define PAGE_SIZE_2M (2ULL << 20)
#define PAGES_DIR "/sys/kernel/mm/hugepages/hugepages-2048kB/"

/*
 * A mempool's objects don't cross pages: an mbuf of 2.3 KiB takes a whole page of 4 KiB. So that a
 * size that does with hugepages does without, more is set aside; the kernel gives a page when it is
 * first touched.
 */
#define SMALL_FACTOR 2

#ifndef MAP_HUGE_2MB
#define MAP_HUGE_2MB (21 << 26) /* log2 of the page's size, shifted as mmap(2) says */
#endif

static unsigned long free_pages(void)
{
	unsigned long n = 0;
	FILE *f = fopen(PAGES_DIR "free_hugepages", "re");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

/*
 * Whether the kernel would give that many pages. A mapping reserves them (and is refused by a limit
 * of reserved pages) without the cost of clearing one.
 */
static bool pages_available(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB, -1, 0);

	if (p == MAP_FAILED)
		return false;
	munmap(p, size);
	return true;
}

int memory_plan(const struct memory_spec *spec, struct memory_plan *plan, struct cvio_error *err)
{
	uint64_t pages = spec->size / PAGE_SIZE_2M;

	plan->kind = spec->kind;
	plan->size = spec->size;
	if (spec->kind == MEMORY_SMALL)
		plan->size = spec->size * SMALL_FACTOR;
	if (spec->kind == MEMORY_MOUNT || spec->kind == MEMORY_SMALL)
		return 0;
	if (pages_available(spec->size)) {
		plan->kind = MEMORY_MEMFD;
		return 0;
	}
	if (spec->kind == MEMORY_MEMFD)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
			"memory memfd,%" PRIu64 "M: %" PRIu64 " hugepages of 2 MiB are wanted, "
			"%lu are free; reserve more on the host (echo N "
			">/proc/sys/vm/nr_hugepages)",
			spec->size >> 20, pages, free_pages());
	plan->kind = MEMORY_SMALL;
	plan->size = spec->size * SMALL_FACTOR;
	log_line(LOG_LEVEL_WARNING,
		"memory auto,%" PRIu64 "M: %" PRIu64
		" hugepages of 2 MiB are wanted, %lu are free; "
		"running on ordinary pages, which is slower (reserve some on the host: echo N "
		">/proc/sys/vm/nr_hugepages)",
		spec->size >> 20, pages, free_pages());
	return 0;
}

struct regions {
	int fds[MEMORY_REGIONS_MAX];
	int count;
};

/* As virtio-user does: each file is a region. Counting goes on beyond what fits. */
static int count_region(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	struct regions *r = arg;
	int fd = rte_memseg_get_fd_thread_unsafe(ms);

	(void)msl;
	if (fd < 0)
		return 0;
	for (int i = 0; i < r->count && i < MEMORY_REGIONS_MAX; i++)
		if (r->fds[i] == fd)
			return 0;
	if (r->count < MEMORY_REGIONS_MAX)
		r->fds[r->count] = fd;
	r->count++;
	return 0;
}

int memory_regions_check(struct cvio_error *err)
{
	struct regions r = {0};

	if (rte_memseg_walk(count_region, &r) < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -EINVAL, "memory: EAL's segments can't be listed");
	if (r.count > MEMORY_REGIONS_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -E2BIG,
			"memory: %d regions; a vhost-user backend takes %d. Remove --legacy-mem, "
			"--huge-unlink and the like from the application's EAL arguments and "
			"CVIO_EAL_ARGS: they exclude single-file segments",
			r.count, MEMORY_REGIONS_MAX);
	return r.count;
}
