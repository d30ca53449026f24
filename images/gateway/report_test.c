/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "gateway/report.h"

static void test_table(void **state)
{
	static const struct report_row rows[] = {
		{"kernel", "0", 100, 2000000, 50, 1450, 3},
		{"0", "-", 0, 0, 0, 0, 0},
	};
	static const char expected[] =
		"   from      to        frames            bytes         large      segments "
		"segments/frame    dropped\n"
		" kernel       0           100          2000000            50          1450 "
		"         14.50          3\n"
		"      0       -             0                0             0             0 "
		"          0.00          0\n";
	char text[1024] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(out);
	report_print(out, rows, 2);
	fclose(out);
	assert_string_equal(text, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
