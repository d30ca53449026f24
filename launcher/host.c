/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whatever is found here is said before a container exists. It can change until the container has
 * started, so the image checks again; what the operator gains is the remedy, which only the host's
 * side knows.
 */
#include "host.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cpu_list.h"
#include "exit.h"

#define PAGE_2M (2ULL << 20)
#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

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

int hugepages_read(struct hugepages *pages)
{
	int r = read_number(POOL "nr_hugepages", &pages->total);

	if (r == 0)
		r = read_number(POOL "free_hugepages", &pages->free);
	if (r == 0)
		r = read_number(POOL "resv_hugepages", &pages->reserved);
	return r;
}

uint64_t hugepages_wanted(uint64_t size)
{
	return size / PAGE_2M + (size % PAGE_2M != 0);
}

uint64_t hugepages_available(const struct hugepages *pages)
{
	return pages->free > pages->reserved ? pages->free - pages->reserved : 0;
}

static int check_pool(const char *kind, uint64_t wanted, struct cvio_error *err)
{
	struct hugepages pages;
	uint64_t available;

	if (hugepages_read(&pages) < 0)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
			"memory: %s: this kernel has no hugepages of 2 MiB; use --memory small",
			kind);
	available = hugepages_available(&pages);
	if (available >= wanted)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
		"memory: %s: %" PRIu64 " free hugepages of 2 MiB wanted, %" PRIu64
		" there; as root: echo %" PRIu64 " >" POOL "nr_hugepages, or use --memory small",
		kind, wanted, available, pages.total + wanted - available);
}

/* The launcher mounts it. */
static int check_mount(uint64_t wanted, struct cvio_error *err)
{
	if (geteuid() != 0)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -EPERM,
			"memory: mount: only root can mount a hugetlbfs; run cvio as root, or use "
			"--memory memfd");
	return check_pool("mount", wanted, err);
}

int host_check_memory(const struct memory_spec *spec, struct cvio_error *err)
{
	uint64_t wanted = hugepages_wanted(spec->size);

	if (spec->kind == MEMORY_MEMFD)
		return check_pool("memfd", wanted, err);
	if (spec->kind == MEMORY_MOUNT)
		return check_mount(wanted, err);
	return 0;
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
