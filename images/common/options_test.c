/* SPDX-License-Identifier: BSD-3-Clause */
/* Which words are the application's own, and what a table makes of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/options_lines.h"
#include "pmd/grammar/error.h"

struct options {
	bool flag;
	uint16_t u16, after16;
	uint32_t u32, after32;
	uint64_t u64, other;
	const char *noted;
};

static int other_take(struct options *opt, const char *value, struct cvio_error *err)
{
	if (strcmp(value, "bad") == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "--other: %s", value);
	opt->other = strlen(value);
	return 0;
}

static int check(const struct options *opt, struct cvio_error *err)
{
	if (opt->flag && opt->u16 == 2)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "both");
	return 0;
}

static const struct app_option known[] = {
	{"flag", APP_FLAG, .at = offsetof(struct options, flag), .noted = true},
	{"other", APP_OTHER, .take = other_take},
	{"u16", APP_U16, .at = offsetof(struct options, u16), .min = 2, .max = UINT16_MAX,
		.preset = "7", .noted = true},
	{"u32", APP_U32, .at = offsetof(struct options, u32), .min = 0, .max = UINT32_MAX,
		.preset = "8"},
	{"u64", APP_U64, .at = offsetof(struct options, u64), .min = 0, .max = 999999999999999999},
	{0},
};

static const struct app_options table = {
	.known = known,
	.size = sizeof(struct options),
	.note = offsetof(struct options, noted),
	.check = check,
};

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

static void test_right(void **state)
{
	static const struct {
		const char *line;
		struct options opt;
		int rc;
	} cases[] = {
		{"", {.u16 = 7, .u32 = 8}, 0},
		{"--flag", {.flag = true, .u16 = 7, .u32 = 8, .noted = "flag"}, 0},
		{"--u16 65535 --u32=4294967295", {.u16 = 65535, .u32 = 4294967295, .noted = "u16"},
			0},
		{"--u64 999999999999999999", {.u16 = 7, .u32 = 8, .u64 = 999999999999999999}, 0},
		{"--u16 2 --u16=03", {.u16 = 3, .u32 = 8, .noted = "u16"}, 0},
		{"--oth 12345 --u32 0", {.u16 = 7, .other = 5}, 0},
		{"--u16 9 --flag --u32 1", {.flag = true, .u16 = 9, .u32 = 1, .noted = "flag"}, 0},
		{"--help", {.u16 = 7, .u32 = 8}, 1},
		{"--u32 1 --help --u64 2", {.u16 = 7, .u32 = 1, .u64 = 2}, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct options *want = &cases[i].opt;
		struct options opt;

		assert_int_equal(
			options_line_parse(&table, cases[i].line, &opt, NULL), cases[i].rc);
		assert_int_equal(opt.flag, want->flag);
		assert_int_equal(opt.u16, want->u16);
		assert_int_equal(opt.after16, 0);
		assert_int_equal(opt.u32, want->u32);
		assert_int_equal(opt.after32, 0);
		assert_int_equal(opt.u64, want->u64);
		assert_int_equal(opt.other, want->other);
		assert_int_equal(opt.noted == NULL, want->noted == NULL);
		if (opt.noted != NULL)
			assert_string_equal(opt.noted, want->noted);
	}
}

static void test_wrong(void **state)
{
	static const struct options_wrong cases[] = {
		{"--u16 1", "--u16: '1' is not a number from 2 to 65535"},
		{"--u16 65536", "--u16: '65536' is not a number from 2 to 65535"},
		{"--u16=", "--u16: '' is not a number from 2 to 65535"},
		{"--u32 4294967296", "--u32: '4294967296' is not a number from 0 to 4294967295"},
		{"--u32 18446744073709551617", "--u32: '18446744073709551617'"},
		{"--u64 1 --u64 -1", "--u64: '-1'"},
		{"--u64", "--u64: a value is missing; see --help"},
		{"--flag --u64", "--u64: a value is missing"},
		{"--flag=1", "--flag=1: no such option; see --help"},
		{"--help=1", "--help=1: no such option"},
		{"--u32 1 --frob", "--frob: no such option"},
		{"--u 1", "--u: no such option"},
		{"--flag -x", "-x: no such option"},
		{"frob --flag", "'frob' is not an option; see --help"},
		{"--help frob", "'frob' is not an option"},
		{"--other bad --frob", "--other: bad"},
		{"--flag --u16 2", "both"},
		{"--flag --u16 2 --help", "both"},
	};

	(void)state;
	options_wrong_check(&table, cases, sizeof(cases) / sizeof(cases[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_words),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
