/* SPDX-License-Identifier: BSD-3-Clause */
/* Which words are the application's own; the tests of probe's and switch's options do the rest. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/options.h"

static void test_own_words(void **state)
{
	static const struct {
		const char *argv[6];
		int argc, at, count;
	} cases[] = {
		{{"app"}, 1, 0, 1},
		{{"app", "-l", "1"}, 3, 0, 1},
		{{"app", "--"}, 2, 1, 1},
		{{"app", "--", "--rate", "1"}, 4, 1, 3},
		{{"app", "-l", "1", "--", "a", "--"}, 6, 3, 3},
		{{"app", "--help"}, 2, 0, 2},
		{{"app", "--help", "--", "a"}, 4, 2, 2},
		{{"app", "-l", "--help"}, 3, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char **own = (char **)cases[i].argv;

		assert_int_equal(app_own_words(cases[i].argc, &own), cases[i].count);
		assert_ptr_equal(own, cases[i].argv + cases[i].at);
	}
}

static void test_digits(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint64_t value;
	} cases[] = {
		{"0", 0, 0},
		{"018", 0, 18},
		{"999999999999999999", 0, 999999999999999999},
		{"1000000000000000000", -EINVAL, 0},
		{"", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"1 ", -EINVAL, 0},
		{"0x1", -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t value;
		size_t len = strlen(cases[i].text);

		assert_int_equal(app_digits_parse(cases[i].text, len, &value), cases[i].rc);
		if (cases[i].rc == 0)
			assert_int_equal(value, cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_words),
		cmocka_unit_test(test_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
