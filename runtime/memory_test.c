/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What memory_plan() makes of each kind, and how memory_regions_check() counts. EAL's segments are
 * the test's own here: the two functions of EAL that memory.c calls are defined below.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_memory.h>

#include "pmd/grammar/error.h"
#include "pmd/log.h"
#include "runtime/memory.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIB (1ULL << 20)
#define PLENTY (256ULL << 30) /* more than a machine that builds this has in hugepages */

/* EAL's segments: for each its descriptor, negative where it has none */
static const int *segment_fds;
static int segment_count;
static int walk_result;

int rte_memseg_walk(rte_memseg_walk_t func, void *arg)
{
	struct rte_memseg_list list = {0};

	if (walk_result < 0)
		return walk_result;
	for (int i = 0; i < segment_count; i++) {
		struct rte_memseg segment = {.len = (size_t)i};
		int ret = func(&list, &segment, arg);

		if (ret != 0)
			return ret;
	}
	return 0;
}

int rte_memseg_get_fd_thread_unsafe(const struct rte_memseg *ms)
{
	return segment_fds[ms->len];
}

static void test_regions(void **state)
{
	enum { MANY = 1000 };
	static int distinct[MANY], without[MANY], same[MANY], pairs[16], two_turns[16], gaps[24];
	static const struct {
		const char *what;
		const int *fds;
		int count;
		int want;
	} table[] = {
		{"no segment", distinct, 0, 0},
		{"one", distinct, 1, 1},
		{"as many as fit", distinct, 8, 8},
		{"one more", distinct, 9, -E2BIG},
		{"a file a page", distinct, MANY, -E2BIG},
		{"a file in all", same, MANY, 1},
		{"none has a file", without, MANY, 0},
		{"eight, two segments each", pairs, 16, 8},
		{"eight, in turn", two_turns, 16, 8},
		{"eight, others without", gaps, 24, 8},
	};

	(void)state;
	for (int i = 0; i < MANY; i++) {
		distinct[i] = i; /* 0 is a descriptor like any other */
		without[i] = -1 - i % 3;
		same[i] = 5;
	}
	for (int i = 0; i < 16; i++) {
		pairs[i] = i / 2;
		two_turns[i] = i % 8;
	}
	for (int i = 0; i < 24; i++)
		gaps[i] = i % 3 == 0 ? i : -EINVAL;

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct cvio_error err = {0};
		int ret;

		segment_fds = table[i].fds;
		segment_count = table[i].count;
		ret = memory_regions_check(&err);
		if (ret != table[i].want)
			fail_msg("%s: %d, not %d", table[i].what, ret, table[i].want);
		assert_int_equal(err.exit_code, ret < 0 ? CVIO_EXIT_CONFIG : 0);
		if (ret < 0)
			assert_non_null(strstr(err.text, "takes 8. Remove --legacy-mem"));
		if (ret < 0 && table[i].count == 9)
			assert_non_null(strstr(err.text, "memory: 9 regions"));
	}
}

static void test_regions_walk_fails(void **state)
{
	struct cvio_error err = {0};

	(void)state;
	walk_result = -1;
	assert_int_equal(memory_regions_check(&err), -EINVAL);
	walk_result = 0;
	assert_int_equal(err.exit_code, CVIO_EXIT_SOFTWARE);
}

static unsigned long free_pages(void)
{
	FILE *f = fopen("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "re");
	unsigned long n = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

/* Whatever the host has: the result is the same on every machine. Small pages get twice as much,
 * see memory.h. */
static void test_plan(void **state)
{
	static const struct {
		struct memory_spec spec;
		int ret;
		enum memory_kind kind;
		uint64_t size;
	} table[] = {
		{{.kind = MEMORY_SMALL, .size = 64 * MIB}, 0, MEMORY_SMALL, 128 * MIB},
		{{.kind = MEMORY_MOUNT, .size = 64 * MIB}, 0, MEMORY_MOUNT, 64 * MIB},
		{{.kind = MEMORY_SMALL, .size = PLENTY}, 0, MEMORY_SMALL, 2 * PLENTY},
		{{.kind = MEMORY_MEMFD, .size = PLENTY}, -ENOMEM, MEMORY_AUTO, 0},
		{{.kind = MEMORY_AUTO, .size = PLENTY}, 0, MEMORY_SMALL, 2 * PLENTY},
	};

	(void)state;
	log_level_set(LOG_LEVEL_ERROR);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct memory_plan plan = {0};
		struct cvio_error err = {0};

		assert_int_equal(memory_plan(&table[i].spec, &plan, &err), table[i].ret);
		if (table[i].ret < 0) {
			assert_int_equal(err.exit_code, CVIO_EXIT_MEMORY);
			assert_non_null(strstr(
				err.text, "memfd,262144M: 131072 hugepages of 2 MiB are wanted"));
			assert_non_null(strstr(err.text, "nr_hugepages"));
			continue;
		}
		assert_int_equal(plan.kind, table[i].kind);
		assert_int_equal(plan.size, table[i].size);
	}
}

/* The process's address space, in bytes. */
static uint64_t mapped(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu", &pages), 1);
	fclose(f);
	return pages * 4096ULL;
}

/* On this machine, with or without hugepages: auto and memfd agree, and nothing stays mapped. */
static void test_plan_here(void **state)
{
	unsigned long before = free_pages();
	uint64_t mapped_before = mapped();

	(void)state;
	log_level_set(LOG_LEVEL_ERROR);
	for (int i = 0; i < 4; i++) {
		struct memory_plan from_auto, from_memfd;
		struct memory_spec spec = {.kind = MEMORY_AUTO, .size = 8 * MIB};
		int ret;

		assert_int_equal(memory_plan(&spec, &from_auto, NULL), 0);
		spec.kind = MEMORY_MEMFD;
		ret = memory_plan(&spec, &from_memfd, NULL);
		if (before == 0)
			assert_int_equal(ret, -ENOMEM);
		assert_int_equal(from_auto.kind, ret == 0 ? MEMORY_MEMFD : MEMORY_SMALL);
		assert_int_equal(from_auto.size, ret == 0 ? 8 * MIB : 16 * MIB);
	}
	assert_true(mapped() < mapped_before + 8 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_regions_walk_fails),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_plan_here),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
