/* SPDX-License-Identifier: BSD-3-Clause */
/* Options: command lines, what they mean, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/options_lines.h"
#include "switch/options.h"

static void test_right(void **state)
{
	static const struct {
		const char *line;
		struct options opt;
	} cases[] = {
		{"", {.ageing = 300, .lcores = 1}},
		{"--ageing 1", {.ageing = 1, .lcores = 1}},
		{"--ageing=86400 --stats 5", {.ageing = 86400, .lcores = 1, .stats = 5}},
		{"--lcores 32 --stats=86400", {.ageing = 300, .lcores = 32, .stats = 86400}},
	};
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(options_line_parse(&options_table, cases[i].line, &opt, NULL), 0);
		assert_int_equal(opt.ageing, cases[i].opt.ageing);
		assert_int_equal(opt.lcores, cases[i].opt.lcores);
		assert_int_equal(opt.stats, cases[i].opt.stats);
	}
}

static void test_wrong(void **state)
{
	static const struct options_wrong cases[] = {
		{"--ageing 0", "--ageing: '0'"},
		{"--ageing 86401", "1 to 86400"},
		{"--ageing 5s", "'5s'"},
		{"--ageing s5", "'s5'"},
		{"--ageing 5:1", "'5:1'"},
		{"--ageing -1", "'-1'"},
		{"--ageing=", "''"},
		{"--ageing 18446744073709551917", "--ageing: '18446744073709551917'"},
		{"--ageing 4294967596", "'4294967596'"},
		{"--lcores 0", "1 to 32"},
		{"--lcores 33", "--lcores: '33'"},
		{"--stats 0", "--stats: '0'"},
		{"--stats 1.5", "'1.5'"},
	};

	(void)state;
	options_wrong_check(&options_table, cases, sizeof(cases) / sizeof(cases[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
