/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of CPU lists and lcore maps by tables of texts. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* cpu_set_t */
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "pmd/grammar/cpu_list.h"
#include "pmd/grammar/error.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void test_good(void **state)
{
	static const struct {
		const char *text;
		int count;
		const char *printed;
		const char *lcores;
	} good[] = {
		{"0", 1, "0", "0@0"},
		{"3,5", 2, "3,5", "0@3,1@5"},
		{"5,3", 2, "3,5", "0@3,1@5"},
		{"0-3,8,10-11", 7, "0-3,8,10-11", "0@0,1@1,2@2,3@3,4@8,5@10,6@11"},
		{"7-7", 1, "7", "0@7"},
		{"1,0,2,1,1-2", 3, "0-2", "0@0,1@1,2@2"},
		{"007", 1, "7", "0@7"},
		{"62-65", 4, "62-65", "0@62,1@63,2@64,3@65"},
		{"1022-1023", 2, "1022-1023", "0@1022,1@1023"},
		{"1023", 1, "1023", "0@1023"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		cpu_set_t set, again;
		char buf[64];

		assert_int_equal(cpu_list_parse(good[i].text, &set, NULL), 0);
		assert_int_equal(CPU_COUNT(&set), good[i].count);
		assert_int_equal(cpu_list_format(&set, buf, sizeof(buf)), strlen(good[i].printed));
		assert_string_equal(buf, good[i].printed);
		assert_int_equal(cpu_list_parse(buf, &again, NULL), 0);
		assert_true(CPU_EQUAL(&set, &again));
		assert_int_equal(
			cpu_list_to_lcores(&set, buf, sizeof(buf)), strlen(good[i].lcores));
		assert_string_equal(buf, good[i].lcores);
	}
}

#define WANTED "a number from 0 to 1023 or an ascending range is wanted, such as 0-3,8"

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} bad[] = {
		{"", "CPU list \"\": \"\": " WANTED},
		{"a", "CPU list \"a\": \"a\": " WANTED},
		{"0-3,x,5", "CPU list \"0-3,x,5\": \"x\": " WANTED},
		{",0", "\"\": " WANTED},
		{"0,", "\"\": " WANTED},
		{"0,,1", "\"\": " WANTED},
		{"-", "\"-\": " WANTED},
		{"-1", "\"-1\": " WANTED},
		{"+1", "\"+1\": " WANTED},
		{"0--1", "\"0--1\": " WANTED},
		{"1-+2", "\"1-+2\": " WANTED},
		{" 1", "\" 1\": " WANTED},
		{"1 ", "\"1 \": " WANTED},
		{"1, 2", "\" 2\": " WANTED},
		{"1-", "\"1-\": " WANTED},
		{"3-1", "\"3-1\": " WANTED},
		{"0-2-4", "\"0-2-4\": " WANTED},
		{"0-8:2/4", "\"0-8:2/4\": " WANTED},
		{"0x1", "\"0x1\": " WANTED},
		{"1024", "\"1024\": " WANTED},
		{"0-1024", "\"0-1024\": " WANTED},
		{"4294967296", "\"4294967296\": " WANTED},
		{"18446744073709551616", "\"18446744073709551616\": " WANTED},
		{"0-1\n", "CPU list: byte 0x0a: " WANTED},
		{"0\x1b[2J", "CPU list: byte 0x1b: " WANTED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct cvio_error err = {0};
		cpu_set_t set, before;

		CPU_ZERO(&before);
		CPU_SET(77, &before);
		set = before;
		if (cpu_list_parse(bad[i].text, &set, &err) != -EINVAL)
			fail_msg("\"%s\" was accepted", bad[i].text);
		assert_int_equal(cpu_list_parse(bad[i].text, &set, NULL), -EINVAL);
		assert_true(CPU_EQUAL(&set, &before));
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, bad[i].error) == NULL)
			fail_msg("\"%s\" isn't in \"%s\"", bad[i].error, err.text);
	}
}

static void test_long_error(void **state)
{
	char text[2048];
	struct cvio_error err;
	cpu_set_t set;

	(void)state;
	memset(text, '9', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(cpu_list_parse(text, &set, &err), -EINVAL);
	assert_non_null(strstr(err.text, "999\": " WANTED));
}

static void test_empty_set(void **state)
{
	char buf[8] = "#";
	cpu_set_t set;

	(void)state;
	CPU_ZERO(&set);
	assert_int_equal(cpu_list_format(&set, buf, sizeof(buf)), 0);
	assert_string_equal(buf, "");
	assert_int_equal(cpu_list_format(&set, buf, 0), -ENOSPC);
	assert_int_equal(cpu_list_to_lcores(&set, buf, sizeof(buf)), -EINVAL);
}

/* The longest texts there are fit what the header promises. */
static void test_most(void **state)
{
	cpu_set_t set;
	char buf[4096];
	int len;

	(void)state;
	CPU_ZERO(&set);
	for (unsigned int cpu = 1; cpu < CPU_SETSIZE; cpu += 2)
		CPU_SET(cpu, &set);
	len = cpu_list_format(&set, buf, 4096);
	assert_true(len >= 2000 && len <= 4095);
	assert_int_equal(cpu_list_to_lcores(&set, buf, sizeof(buf)), -E2BIG);

	assert_int_equal(cpu_list_parse("0-127", &set, NULL), 0);
	len = cpu_list_to_lcores(&set, buf, 2048);
	assert_true(len >= 800 && len <= 2047);
	assert_string_equal(strrchr(buf, ','), ",127@127");
	assert_int_equal(cpu_list_parse("896-1023", &set, NULL), 0);
	len = cpu_list_to_lcores(&set, buf, 2048);
	assert_true(len >= 800 && len <= 2047);
	assert_string_equal(strrchr(buf, ','), ",127@1023");
	assert_int_equal(cpu_list_parse("895-1023", &set, NULL), 0);
	assert_int_equal(cpu_list_to_lcores(&set, buf, 2048), -E2BIG);
}

static void test_no_room(void **state)
{
	cpu_set_t set;
	char buf[16];

	(void)state;
	assert_int_equal(cpu_list_parse("3-4,9", &set, NULL), 0);
	for (size_t len = 0; len <= strlen("3-4,9"); len++) {
		memset(buf, '#', sizeof(buf));
		assert_int_equal(cpu_list_format(&set, buf, len), -ENOSPC);
		assert_int_equal(cpu_list_to_lcores(&set, buf, len), -ENOSPC);
		assert_int_equal(buf[len], '#');
	}
	assert_int_equal(cpu_list_format(&set, buf, strlen("3-4,9") + 1), 5);
	assert_int_equal(cpu_list_to_lcores(&set, buf, strlen("0@3,1@4,2@9")), -ENOSPC);
	assert_int_equal(cpu_list_to_lcores(&set, buf, strlen("0@3,1@4,2@9") + 1), 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long_error),
		cmocka_unit_test(test_empty_set),
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests_name("cpu_list", tests, NULL, NULL);
}
