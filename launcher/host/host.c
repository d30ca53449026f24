/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whatever is found here is said before a container exists. It can change until the container has
 * started, so the image checks again; what the operator gains is the remedy, which only the host's
 * side knows.
 */
#include "host/host.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "pmd/grammar/cpu_list.h"

static int read_number(const char *path, uint64_t *value)
{
	FILE *f = fopen(path, "re");
	int n;

	if (f == NULL)
		return -errno;
	n = fscanf(f, "%" SCNu64, value);
	fclose(f);
	return n == 1 ? 0 : -EINVAL;
}

static void pool_file(uint64_t page, const char *name, char *path, size_t size)
{
	snprintf(path, size, "/sys/kernel/mm/hugepages/hugepages-%" PRIu64 "kB/%s", page >> 10,
		name);
}

int hugepages_read(uint64_t page, struct hugepages *pages)
{
	const struct {
		const char *name;
		uint64_t *value;
	} files[] = {
		{"nr_hugepages", &pages->total},
		{"free_hugepages", &pages->free},
		{"resv_hugepages", &pages->reserved},
	};
	char path[96];
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(files) / sizeof(files[0]); i++) {
		pool_file(page, files[i].name, path, sizeof(path));
		r = read_number(path, files[i].value);
	}
	return r;
}

uint64_t hugepages_wanted(uint64_t size, uint64_t page)
{
	return size / page + (size % page != 0);
}

uint64_t hugepages_available(const struct hugepages *pages)
{
	return pages->free > pages->reserved ? pages->free - pages->reserved : 0;
}

static int check_pool(const struct memory_spec *spec, const char *kind, struct cvio_error *err)
{
	uint64_t page = memory_spec_page(spec), wanted = hugepages_wanted(spec->size, page),
		 available;
	const char *size = page == MEMORY_PAGE_1G ? "1 GiB" : "2 MiB";
	struct hugepages pages;
	char path[96];

	if (hugepages_read(page, &pages) < 0)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
			"memory: %s: this kernel has no hugepages of %s; use --memory small", kind,
			size);
	available = hugepages_available(&pages);
	if (available >= wanted)
		return 0;
	pool_file(page, "nr_hugepages", path, sizeof(path));
	return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
		"memory: %s: %" PRIu64 " free hugepages of %s wanted, %" PRIu64
		" there; as root: echo %" PRIu64 " >%s, or use --memory small",
		kind, wanted, size, available, pages.total + wanted - available, path);
}

int host_check_memory(const struct memory_spec *spec, struct cvio_error *err)
{
	if (spec->kind == MEMORY_MEMFD)
		return check_pool(spec, "memfd", err);
	if (spec->kind != MEMORY_MOUNT)
		return 0;
	/* the launcher mounts it */
	if (geteuid() != 0)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -EPERM,
			"memory: mount: only root can mount a hugetlbfs; run cvio as root, or use "
			"--memory memfd");
	return check_pool(spec, "mount", err);
}

static int read_cpus(const char *path, cpu_set_t *set)
{
	char text[HOST_CPUS_TEXT];
	FILE *f = fopen(path, "re");
	char *got;

	if (f == NULL)
		return -errno;
	got = fgets(text, sizeof(text), f);
	fclose(f);
	if (got == NULL)
		return -EINVAL;
	text[strcspn(text, "\n")] = '\0';
	return cpu_list_parse(text, set, NULL);
}

/* The first CPU of wanted that isn't in allowed, or -1. */
static int first_beyond(const cpu_set_t *wanted, const cpu_set_t *allowed)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, wanted) && !CPU_ISSET(cpu, allowed))
			return cpu;
	return -1;
}

int host_check_cpus(const char *text, struct cvio_error *err)
{
	struct {
		const char *before, *after, *remedy;
		cpu_set_t set;
		int result;
	} sets[3] = {
		{.before = "this machine has no CPU", .after = "", .remedy = "it has"},
		{.before = "CPU", .after = " is offline", .remedy = "online are"},
		{.before = "this process may not use CPU", .after = "", .remedy = "it may use"},
	};
	char have[128];
	cpu_set_t wanted;
	int cpu;

	if (cpu_list_parse(text, &wanted, err) < 0)
		return -EINVAL;
	sets[0].result = read_cpus("/sys/devices/system/cpu/present", &sets[0].set);
	sets[1].result = read_cpus("/sys/devices/system/cpu/online", &sets[1].set);
	sets[2].result = sched_getaffinity(0, sizeof(sets[2].set), &sets[2].set);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		cpu = sets[i].result < 0 ? -1 : first_beyond(&wanted, &sets[i].set);
		if (cpu < 0)
			continue;
		if (cpu_list_format(&sets[i].set, have, sizeof(have)) < 0)
			strcpy(have, "others");
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--cpus: %.80s: %s %d%s; %s %s", text, sets[i].before, cpu, sets[i].after,
			sets[i].remedy, have);
	}
	return 0;
}

/* best first within an architecture; the baseline has no images of its own */
static const char *const levels[] = {"x86-64-v4", "x86-64-v3", "x86-64-v2", "x86-64", "aarch64"};

#ifdef __x86_64__
static int cpu_has(const char *level)
{
	__builtin_cpu_init();
	if (strcmp(level, "x86-64-v2") == 0)
		return __builtin_cpu_supports("x86-64-v2") != 0;
	if (strcmp(level, "x86-64-v3") == 0)
		return __builtin_cpu_supports("x86-64-v3") != 0;
	if (strcmp(level, "x86-64-v4") == 0)
		return __builtin_cpu_supports("x86-64-v4") != 0;
	return strcmp(level, "x86-64") == 0;
}
#else
static int cpu_has(const char *level)
{
	return strcmp(level, "aarch64") == 0;
}
#endif

int host_has_level(const char *level)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(level, levels[i]) == 0)
			return cpu_has(level);
	return -EINVAL;
}

const char *host_level(void)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (cpu_has(levels[i]))
			return levels[i];
	return "unknown";
}

int host_check_level(const char *level, const char *image, struct cvio_error *err)
{
	int has = host_has_level(level);

	if (has > 0)
		return 0;
	if (has < 0)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
			"image: %s: label io.cvio.cpu is \"%.80s\"; this cvio knows x86-64, "
			"x86-64-v2 to -v4 and aarch64; take a newer cvio",
			image, level);
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
		"image: %s: needs a CPU of level %s, and this one has %s; take an image that is "
		"built for that",
		image, level, host_level());
}
