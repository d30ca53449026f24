/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hugepages are where an image's start fails most often, and for more than one reason: there are
 * none, they are on another node than the process may use, or its cgroup denies them although they
 * are free. Each has a line of its own; the probe has the kernel's own answer. An image with memory
 * `auto` runs without any of it, only slower: these are warnings.
 */
#include "check/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/memfd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/child.h"
#include "host/cgroup.h"
#include "pmd/grammar/output.h"

#define PAGE_2M 2048               /* KiB */
#define WANTED 32                  /* pages of 2 MiB: 64M, what an image takes by default */
#define UNLIMITED (UINT64_MAX / 4) /* version 1 writes a number near 2^63 */
#define POOLS "/sys/kernel/mm/hugepages"
#define POOL_2M POOLS "/hugepages-2048kB/"
#define NODES "/sys/devices/system/node"

struct pool {
	unsigned long size; /* KiB, of a page */
	uint64_t total[CPU_SETSIZE], free[CPU_SETSIZE];
	uint64_t reserved;              /* of all nodes; they are among the free */
	cpu_set_t nodes, allowed, near; /* near: allowed, and with CPUs that are allowed */
	bool numa;                      /* false: the kernel knows no nodes; all is node 0 */
};

static void size_name(unsigned long kib, char *buf, size_t size)
{
	if (kib >= 1 << 20)
		snprintf(buf, size, "%luG", kib >> 20);
	else if (kib >= 1 << 10)
		snprintf(buf, size, "%luM", kib >> 10);
	else
		snprintf(buf, size, "%luK", kib);
}

static void read_near(const struct check_host *host, struct pool *pool)
{
	cpu_set_t mine, cpus;

	CPU_ZERO(&pool->near);
	if (check_cpuset(host, "cpus", &mine) == 0) {
		for (int node = 0; node < CPU_SETSIZE; node++) {
			if (!CPU_ISSET(node, &pool->allowed) ||
				check_read_list(host, &cpus, NODES "/node%d/cpulist", node) < 0)
				continue;
			CPU_AND(&cpus, &cpus, &mine);
			if (CPU_COUNT(&cpus) > 0)
				CPU_SET(node, &pool->near);
		}
	}
	if (CPU_COUNT(&pool->near) == 0)
		pool->near = pool->allowed;
}

static void read_pool(const struct check_host *host, struct pool *pool)
{
	static const char node_file[] = NODES "/node%d/hugepages/hugepages-%lukB/%s";
	static const char file[] = POOLS "/hugepages-%lukB/%s";

	check_read_number(host, &pool->reserved, file, pool->size, "resv_hugepages");
	pool->numa = check_read_list(host, &pool->nodes, NODES "/online") == 0 &&
		     CPU_COUNT(&pool->nodes) > 0;
	if (!pool->numa) {
		CPU_ZERO(&pool->nodes);
		CPU_SET(0, &pool->nodes);
		check_read_number(host, &pool->total[0], file, pool->size, "nr_hugepages");
		check_read_number(host, &pool->free[0], file, pool->size, "free_hugepages");
	}
	for (int node = 0; pool->numa && node < CPU_SETSIZE; node++) {
		if (!CPU_ISSET(node, &pool->nodes))
			continue;
		check_read_number(
			host, &pool->total[node], node_file, node, pool->size, "nr_hugepages");
		check_read_number(
			host, &pool->free[node], node_file, node, pool->size, "free_hugepages");
	}
	if (check_cpuset(host, "mems", &pool->allowed) < 0 || CPU_COUNT(&pool->allowed) == 0)
		pool->allowed = pool->nodes;
	CPU_AND(&pool->allowed, &pool->allowed, &pool->nodes);
	read_near(host, pool);
}

static uint64_t free_on(const struct pool *pool, const cpu_set_t *nodes)
{
	uint64_t sum = 0;

	for (int node = 0; node < CPU_SETSIZE; node++)
		if (CPU_ISSET(node, nodes))
			sum += pool->free[node];
	/* Which node's pages are reserved isn't known: the worst is assumed. */
	return sum > pool->reserved ? sum - pool->reserved : 0;
}

static void describe(const struct pool *pool, char *buf, size_t size)
{
	struct output out = {buf, size, 0};
	bool first = true;

	for (int node = 0; node < CPU_SETSIZE; node++) {
		if (!CPU_ISSET(node, &pool->nodes))
			continue;
		output_add(&out, "%snode %d: %" PRIu64 " of %" PRIu64 " free%s", first ? "" : ", ",
			node, pool->free[node], pool->total[node],
			!CPU_ISSET(node, &pool->allowed) ? " (not in cpuset.mems)"
			: !CPU_ISSET(node, &pool->near)  ? " (far from the CPUs)"
							 : "");
		first = false;
	}
	if (pool->reserved > 0)
		output_add(&out, ", %" PRIu64 " of the free reserved", pool->reserved);
}

static int first_node(const cpu_set_t *nodes)
{
	for (int node = 0; node < CPU_SETSIZE; node++)
		if (CPU_ISSET(node, nodes))
			return node;
	return 0;
}

static void add_pages(const struct check_host *host, const struct pool *pool, uint64_t missing,
	struct check_report *report)
{
	int node = first_node(&pool->near);
	uint64_t total = pool->total[node] + missing;

	if (pool->numa && CPU_COUNT(&pool->nodes) > 1)
		check_remedy_root(host, report,
			"echo %" PRIu64 " >" NODES "/node%d/hugepages/hugepages-%lukB/nr_hugepages",
			total, node, pool->size);
	else
		check_remedy_root(host, report,
			"echo %" PRIu64 " >" POOLS "/hugepages-%lukB/nr_hugepages", total,
			pool->size);
}

static void check_pool(
	const struct check_host *host, unsigned long size, struct check_report *report)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	char name[32] = "hugepages-", value[320];
	uint64_t there;

	if (pool == NULL) {
		report->cut = true;
		return;
	}
	pool->size = size;
	read_pool(host, pool);
	size_name(size, name + strlen(name), sizeof(name) - strlen(name));
	describe(pool, value, sizeof(value));
	there = free_on(pool, &pool->near);
	/* Images run on pages of 2 MiB; others are shown because their memory is gone for them. */
	if (size != PAGE_2M || there >= WANTED) {
		check_add(report, name, CHECK_OK, "%s", value);
	} else {
		check_add(report, name, CHECK_WARNING, "%s; an image takes %d by default", value,
			WANTED);
		add_pages(host, pool, WANTED - there, report);
	}
	free(pool);
}

void check_hugepages(const struct check_host *host, struct check_report *report)
{
	char path[PATH_MAX];
	bool any = false;
	unsigned long size;
	struct dirent **list;
	int n;

	snprintf(path, sizeof(path), "%s" POOLS, host->root);
	n = scandir(path, &list, NULL, versionsort);
	for (int i = 0; i < n; i++) {
		if (sscanf(list[i]->d_name, "hugepages-%lukB", &size) == 1) {
			any = any || size == PAGE_2M;
			check_pool(host, size, report);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	if (any)
		return;
	check_add(report, "hugepages-2M", CHECK_WARNING,
		"this kernel has no hugepages of 2 MiB; images run on ordinary pages, slower");
	check_remedy(report, "boot a kernel with CONFIG_HUGETLBFS=y");
}

/* What a cgroup and those above it leave; UINT64_MAX without a limit. */
struct room {
	uint64_t left, limit;
	char file[PATH_MAX]; /* of the limit that is the tightest */
};

static void read_room(
	const struct check_host *host, struct cgroup cgroup, bool reserved, struct room *room)
{
	const char *part = reserved ? "rsvd." : "";
	const char *limit_name = cgroup.version == 1 ? "limit_in_bytes" : "max";
	const char *usage_name = cgroup.version == 1 ? "usage_in_bytes" : "current";
	uint64_t limit, usage;

	*room = (struct room){.left = UINT64_MAX, .limit = UINT64_MAX};
	do {
		if (check_read_number(host, &limit, "%s/hugetlb.2MB.%s%s", cgroup.folder, part,
			    limit_name) < 0 ||
			check_read_number(host, &usage, "%s/hugetlb.2MB.%s%s", cgroup.folder, part,
				usage_name) < 0 ||
			limit >= UNLIMITED)
			continue;
		usage = limit > usage ? limit - usage : 0;
		if (usage >= room->left)
			continue;
		room->left = usage;
		room->limit = limit;
		if (snprintf(room->file, sizeof(room->file), "%s/hugetlb.2MB.%s%s", cgroup.folder,
			    part, limit_name) >= (int)sizeof(room->file))
			room->file[0] = '\0';
	} while (cgroup_parent(&cgroup));
}

void check_hugetlb_cgroup(const struct check_host *host, struct check_report *report)
{
	static const char *const kinds[] = {"", " on reservations (rsvd)"};
	static const char name[] = "hugetlb-cgroup";
	struct cgroup cgroup;
	struct room room;
	bool limited = false;

	for (int i = 0; i < 2 && check_cgroup(host, "hugetlb", &cgroup) == 0; i++) {
		read_room(host, cgroup, i == 1, &room);
		if (room.limit == UINT64_MAX)
			continue;
		limited = true;
		check_add(report, name,
			room.left < (uint64_t)WANTED << 21 ? CHECK_WARNING : CHECK_OK,
			"limit%s of %" PRIu64 " MiB, %" PRIu64 " MiB of it left", kinds[i],
			room.limit >> 20, room.left >> 20);
		if (room.left < (uint64_t)WANTED << 21)
			check_remedy_root(host, report, "echo %" PRIu64 " >%s",
				room.limit + ((uint64_t)WANTED << 21) - room.left, room.file);
	}
	if (!limited)
		check_add(report, name, CHECK_OK, "no limit");
}

int hugepage_take(void)
{
	_fd_cleanup_ int fd = memfd_create("cvio-check", MFD_CLOEXEC | MFD_HUGETLB | MFD_HUGE_2MB);

	if (fd < 0 || ftruncate(fd, 2 << 20) < 0)
		return -errno;
	/* A write into a mapping would answer a page that is denied with SIGBUS. */
	return fallocate(fd, 0, 0, 2 << 20) < 0 ? -errno : 0;
}

void check_hugepage_probe(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "hugepage-probe";
	uint64_t total = 0, unused = 0;
	int r = host->take_page();

	if (r == 0) {
		check_add(report, name, CHECK_OK, "a memfd got a page of 2 MiB");
		return;
	}
	check_add(report, name, CHECK_WARNING,
		"a memfd got no page of 2 MiB: %s; images run on "
		"ordinary pages, slower",
		strerror(-r));
	if (r != -ENOMEM && r != -ENOSPC) {
		check_remedy(
			report, "boot a kernel with CONFIG_HUGETLBFS=y and CONFIG_MEMFD_CREATE=y");
		return;
	}
	check_read_number(host, &total, POOL_2M "nr_hugepages");
	check_read_number(host, &unused, POOL_2M "free_hugepages");
	if (unused == 0)
		check_remedy_root(
			host, report, "echo %" PRIu64 " >" POOL_2M "nr_hugepages", total + WANTED);
	else
		check_remedy(report,
			"%" PRIu64 " are free, but not for this process: mend what "
			"hugepages-2M or hugetlb-cgroup tell",
			unused);
}
