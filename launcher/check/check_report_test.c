/* SPDX-License-Identifier: BSD-3-Clause */
/* The report for people and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "check/check.h"

#define OK CHECK_OK
#define FAILURE CHECK_FAILURE

static void test_print(void **state)
{
	struct check_report report = {0};
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	check_add(&report, "first", OK, "good");
	check_add(&report, "second-one", FAILURE, "not \"good\"\nat\tall");
	check_remedy(&report, "mend %d", 5);
	assert_int_equal(report.exit_code, CVIO_EXIT_UNAVAILABLE);

	out = open_memstream(&text, &size);
	check_print(&report, false, out);
	fclose(out);
	assert_string_equal(text, "ok       first       good\n"
				  "failure  second-one  not \"good\" at all\n"
				  "                     -> mend 5\n");
	free(text);

	out = open_memstream(&text, &size);
	check_print(&report, true, out);
	fclose(out);
	assert_non_null(strstr(text, "\033[32mok     \033[0m  first"));
	free(text);

	out = open_memstream(&text, &size);
	assert_int_equal(check_print_json(&report, out), 0);
	fclose(out);
	assert_non_null(strstr(text, "\"value\": \"not \\\"good\\\" at all\""));
	assert_non_null(strstr(text, "\"remedy\": null"));
	assert_non_null(strstr(text, "\"remedy\": \"mend 5\""));
	free(text);
	check_report_fini(&report);
}

static void test_not_utf8(void **state)
{
	struct check_report report = {0};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	check_add(&report, "x", FAILURE, "\xff");
	check_remedy(&report, "\xfe");
	assert_int_equal(check_print_json(&report, out), 0);
	fclose(out);
	assert_non_null(strstr(text, "\"value\": \"(not UTF-8)\""));
	free(text);
	check_report_fini(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_not_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
