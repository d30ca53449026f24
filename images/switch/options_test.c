/* SPDX-License-Identifier: BSD-3-Clause */
/* Options: command lines, what they mean, and what is said of wrong ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pmd/grammar/error.h"
#include "switch/options.h"

/* Splits words at spaces; the line holds at most 15. */
static int parse(const char *line, struct options *opt, struct cvio_error *err)
{
	char text[256] = "switch ", *argv[17], *save = NULL;
	int argc = 0;

	strncat(text, line, sizeof(text) - strlen(text) - 1);
	for (char *w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	return options_parse(argc, argv, opt, err);
}

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
		{"--help", {.ageing = 300, .lcores = 1, .help = true}},
	};
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].line, &opt, NULL), 0);
		assert_int_equal(opt.ageing, cases[i].opt.ageing);
		assert_int_equal(opt.lcores, cases[i].opt.lcores);
		assert_int_equal(opt.stats, cases[i].opt.stats);
		assert_int_equal(opt.help, cases[i].opt.help);
	}
}

static void test_wrong(void **state)
{
	/* A line and what its error must name. */
	static const char *const cases[][2] = {
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
		{"--stats", "--stats: a value is missing"},
		{"--stats 1 --frob", "--frob: no such option"},
		{"-x", "-x: no such option"},
		{"--help=1", "--help=1: "},
		{"frob --stats 1", "'frob'"},
	};
	struct cvio_error err;
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (parse(cases[i][0], &opt, &err) != -EINVAL)
			fail_msg("%s is taken", cases[i][0]);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, cases[i][1]) == NULL)
			fail_msg("%s: \"%s\" doesn't say %s", cases[i][0], err.text, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
