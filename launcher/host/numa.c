/* SPDX-License-Identifier: BSD-3-Clause */
/* A page on another node than the CPU that uses it costs half as much time again at each access
 * that misses the caches; the kernel knows best which CPU is where. */
#include "host/numa.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "pmd/grammar/cpu_list.h"

/* Returns whether the node has CPUs. */
static bool read_node(const char *folder, int node, cpu_set_t *set)
{
	char path[256], text[4096] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%.200s/node%d/cpulist", folder, node);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	return cpu_list_parse(text, set, NULL) == 0;
}

int numa_nodes(const char *folder, const cpu_set_t *cpus, char *buf, size_t size)
{
	cpu_set_t mine, nodes, set;
	int count = 0;

	CPU_ZERO(&nodes);
	buf[0] = '\0';
	if (cpus == NULL && sched_getaffinity(0, sizeof(mine), &mine) == 0)
		cpus = &mine;
	for (int node = 0; cpus != NULL && node < CPU_SETSIZE; node++) {
		if (!read_node(folder, node, &set))
			continue;
		count++;
		CPU_AND(&set, &set, cpus);
		if (CPU_COUNT(&set) > 0)
			CPU_SET(node, &nodes);
	}
	if (CPU_COUNT(&nodes) > 0 && cpu_list_format(&nodes, buf, size) < 0)
		buf[0] = '\0';
	return count;
}
