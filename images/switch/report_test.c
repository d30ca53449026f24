/* SPDX-License-Identifier: BSD-3-Clause */
/* The table: its columns, in the order of its head, and the sums below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "switch/report.h"

/* A line's words, a space between any two. */
static void words(char *line)
{
	char *to = line;

	for (const char *from = line; *from != '\0'; from++)
		if (*from != ' ' || (to > line && to[-1] != ' '))
			*to++ = *from;
	*to = '\0';
}

static void test_table(void **state)
{
	static const struct report_row rows[] = {
		{true, 3, "/run/p0.sock", 1, 2, 4, 5, 6, 7, 8, 9, 10},
		{false, 40, "/run/p1.sock", UINT64_C(10000000000000000), 20, 40, 50, 60, 70, 80, 90,
			100},
	};
	static const char *const expected[] = {
		"port state rx_frames rx_bytes tx_frames tx_bytes dropped flooded filtered learned "
		"moved addresses socket\n",
		"0 up 1 2 4 5 6 7 8 9 10 3 /run/p0.sock\n",
		"1 down 10000000000000000 20 40 50 60 70 80 90 100 40 /run/p1.sock\n",
		"all 1/2 10000000000000001 22 44 55 66 77 88 99 110 43\n",
	};
	char text[4096], *save = NULL, line[512];
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(out);
	report_print(out, rows, 2);
	fclose(out);
	for (char *at = strtok_r(text, "\n", &save), **e = (char **)expected; at != NULL;
		at = strtok_r(NULL, "\n", &save), e++) {
		snprintf(line, sizeof(line), "%s\n", at);
		words(line);
		assert_true(e < (char **)expected + 4);
		assert_string_equal(line, *e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
