/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the host's checks: arithmetic by tables, the rest against the machine that runs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "host/host.h"
#include "pmd/grammar/cpu_list.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIB (1ULL << 20)

static void test_wanted(void **state)
{
	static const struct {
		uint64_t size, pages;
	} table[] = {{0, 0}, {1, 1}, {2 * MIB - 1, 1}, {2 * MIB, 1}, {2 * MIB + 1, 2},
		{64 * MIB, 32}, {512ULL << 30, 262144}, {UINT64_MAX, 1ULL << 43}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_true(hugepages_wanted(table[i].size, MEMORY_PAGE_2M) == table[i].pages);
}

static void test_available(void **state)
{
	static const struct {
		struct hugepages pages;
		uint64_t available;
	} table[] = {
		{{.total = 0, .free = 0, .reserved = 0}, 0},
		{{.total = 8, .free = 5, .reserved = 0}, 5},
		{{.total = 8, .free = 5, .reserved = 2}, 3},
		{{.total = 8, .free = 5, .reserved = 5}, 0},
		{{.total = 8, .free = 2, .reserved = 3}, 0}, /* read while they changed */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_true(hugepages_available(&table[i].pages) == table[i].available);
}

static void test_memory(void **state)
{
	const struct memory_spec automatic = {.kind = MEMORY_AUTO, .size = 512ULL << 30};
	const struct memory_spec small = {.kind = MEMORY_SMALL, .size = 512ULL << 30};
	const struct memory_spec too_much = {.kind = MEMORY_MEMFD, .size = 1ULL << 60};
	struct cvio_error err;

	(void)state;
	assert_int_equal(host_check_memory(&automatic, &err), 0);
	assert_int_equal(host_check_memory(&small, &err), 0);
	assert_int_equal(host_check_memory(&too_much, &err), -ENOMEM);
	assert_int_equal(err.exit_code, CVIO_EXIT_MEMORY);
	assert_non_null(strstr(err.text, "memory: memfd: "));
	assert_non_null(strstr(err.text, "--memory small"));
}

static void test_cpus(void **state)
{
	char mine[HOST_CPUS_TEXT];
	struct cvio_error err;
	cpu_set_t set, one;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	assert_true(cpu_list_format(&set, mine, sizeof(mine)) > 0);
	assert_int_equal(host_check_cpus(mine, &err), 0);
	assert_int_equal(host_check_cpus("1023", &err), -EINVAL);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	assert_non_null(strstr(err.text, "this machine has no CPU 1023; it has"));
	assert_int_equal(host_check_cpus("x", &err), -EINVAL);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);

	/* With one CPU taken from this process, it may not be named. */
	if (CPU_COUNT(&set) < 2)
		skip();
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(host_check_cpus(mine, &err), -EINVAL);
	assert_non_null(strstr(err.text, "this process may not use CPU "));
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

static void test_level(void **state)
{
	struct cvio_error err;

	(void)state;
	assert_int_equal(host_has_level("x86-64"), 1);
	assert_int_equal(host_has_level("x86-64-v5"), -EINVAL);
	assert_int_equal(host_has_level(""), -EINVAL);
	assert_int_equal(host_has_level("aarch64"), 0);
	assert_int_equal(host_has_level(host_level()), 1);
	/* A level contains those below. */
	assert_true(host_has_level("x86-64-v2") >= host_has_level("x86-64-v3"));
	assert_true(host_has_level("x86-64-v3") >= host_has_level("x86-64-v4"));
	assert_int_equal(host_check_level("x86-64", "i", &err), 0);
	assert_int_equal(host_check_level("armv8", "i", &err), -EINVAL);
	assert_int_equal(err.exit_code, LAUNCHER_EXIT_UNFIT);
	assert_non_null(strstr(err.text, "armv8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_available),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
