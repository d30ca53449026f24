/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcore map: CVIO_LCORES as it is, else one lcore for each CPU of the affinity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "pmd/grammar/cpu_list.h"
#include "pmd/grammar/error.h"
#include "runtime/config.h"
#include "runtime/lcores.h"

static struct config config;

static void test_given(void **state)
{
	char map[LCORES_LEN];

	(void)state;
	config.lcores = "(0-3)@1,9@0";
	assert_int_equal(lcores_plan(&config, map, sizeof(map), NULL), 0);
	assert_string_equal(map, "(0-3)@1,9@0");
}

static void test_given_too_long(void **state)
{
	char map[16];
	struct cvio_error err = {0};

	(void)state;
	config.lcores = "0123456789abcde";
	assert_int_equal(lcores_plan(&config, map, sizeof(map), &err), 0);
	assert_string_equal(map, config.lcores);
	config.lcores = "0123456789abcdef";
	assert_int_equal(lcores_plan(&config, map, sizeof(map), &err), -E2BIG);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	assert_string_equal(err.text, "CVIO_LCORES: a map of 16 bytes; at most 15 are possible");
}

static void test_affinity(void **state)
{
	cpu_set_t before, one;
	char map[LCORES_LEN], want[LCORES_LEN];
	struct cvio_error err = {0};
	int last = 0;

	(void)state;
	config.lcores = NULL;
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	assert_true(cpu_list_to_lcores(&before, want, sizeof(want)) > 0);
	assert_int_equal(lcores_plan(&config, map, sizeof(map), &err), 0);
	assert_string_equal(map, want);
	assert_int_equal(lcores_plan(&config, map, 2, &err), -ENOSPC);

	/* the last CPU alone, whatever its number, is lcore 0 */
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &before))
			last = cpu;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(lcores_plan(&config, map, sizeof(map), &err), 0);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
	snprintf(want, sizeof(want), "0@%d", last);
	assert_string_equal(map, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_given_too_long),
		cmocka_unit_test(test_affinity),
	};

	return cmocka_run_group_tests_name("lcores", tests, NULL, NULL);
}
