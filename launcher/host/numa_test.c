/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of NUMA nodes, on folders like the kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/numa.h"
#include "pmd/grammar/cpu_list.h"

static char folder[] = "/tmp/numa_test.XXXXXX";

static void put_node(int node, const char *cpus)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/node%d", folder, node);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/cpulist");
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(cpus, f);
	assert_int_equal(fclose(f), 0);
}

static void remove_node(int node)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/node%d/cpulist", folder, node);
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

static void test_nodes(void **state)
{
	static const struct {
		const char *cpus, *nodes;
	} table[] = {
		{"0", "0"},
		{"0-3", "0"},
		{"4", "1"},
		{"3-4", "0-1"},
		{"0,8", "0,3"},
		{"99", ""},
	};
	char text[64];
	cpu_set_t cpus;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(cpu_list_parse("0", &cpus, NULL), 0);
	assert_int_equal(numa_nodes(folder, &cpus, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	put_node(0, "0-3\n");
	put_node(1, "4-7\n");
	put_node(2, "\n"); /* memory without a CPU */
	put_node(3, "8-11\n");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(cpu_list_parse(table[i].cpus, &cpus, NULL), 0);
		assert_int_equal(numa_nodes(folder, &cpus, text, sizeof(text)), 3);
		assert_string_equal(text, table[i].nodes);
	}
	for (int node = 0; node < 4; node++)
		remove_node(node);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_nodes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
