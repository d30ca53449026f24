/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of shell splitting and quoting, by tables, and one against the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/words.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define WORDS_MAX 4

static const struct {
	const char *text;
	size_t count;
	const char *words[WORDS_MAX];
} splits[] = {
	{"", 0, {NULL}},
	{" \t\n ", 0, {NULL}},
	{"a", 1, {"a"}},
	{"  a  b\tc\nd ", 4, {"a", "b", "c", "d"}},
	{"''", 1, {""}},
	{"\"\" ''", 2, {"", ""}},
	{"'a b' c", 2, {"a b", "c"}},
	{"\"a b\"c", 1, {"a bc"}},
	{"a'b'\"c\"\\d", 1, {"abcd"}},
	{"a\\ b", 1, {"a b"}},
	{"'a\\b'", 1, {"a\\b"}},
	{"'a\"b'", 1, {"a\"b"}},
	{"\"a'b\"", 1, {"a'b"}},
	{"\"a\\\"b\\\\c\\$d\\`e\"", 1, {"a\"b\\c$d`e"}},
	{"\"a\\nb\"", 1, {"a\\nb"}},
	{"a\\\nb", 1, {"ab"}},
	{"a \\\n\tb\\\n", 2, {"a", "b"}},
	{"\"a\\\nb\"", 1, {"ab"}},
	{"$HOME * ~", 3, {"$HOME", "*", "~"}},
	{"--env 'A=b c' -v", 3, {"--env", "A=b c", "-v"}},
};

static void test_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(splits); i++) {
		struct words words = {0};

		assert_int_equal(shell_split(splits[i].text, &words), 0);
		assert_int_equal(words.count, splits[i].count);
		for (size_t j = 0; j < words.count; j++)
			assert_string_equal(words.list[j], splits[i].words[j]);
		if (words.count > 0)
			assert_null(words.list[words.count]);
		words_fini(&words);
	}
}

static void test_split_refuses(void **state)
{
	static const char *const bad[] = {"'", "\"", "a 'b", "a \"b", "\"a\\\"", "'a\\''", "a\\"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct words words = {0};

		words_add(&words, "before");
		assert_int_equal(shell_split(bad[i], &words), -EINVAL);
		assert_int_equal(words.count, 1);
		words_fini(&words);
	}
}

/* The quoted form of a word; owned by the caller. */
static char *quoted(const char *word)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	shell_quote(out, word);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void test_quote(void **state)
{
	static const struct {
		const char *word, *quoted;
	} table[] = {
		{"plain-1.2_3:/=,@%+", "plain-1.2_3:/=,@%+"},
		{"", "''"},
		{"a b", "'a b'"},
		{"it's", "'it'\\''s'"},
		{"$x", "'$x'"},
		{"a\nb", "'a\nb'"},
		{"~", "'~'"},
		{"\xc3\xa4", "'\xc3\xa4'"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct words words = {0};
		char *text = quoted(table[i].word);

		assert_string_equal(text, table[i].quoted);
		assert_int_equal(shell_split(text, &words), 0);
		assert_int_equal(words.count, 1);
		assert_string_equal(words.list[0], table[i].word);
		words_fini(&words);
		free(text);
	}
}

static void test_extend(void **state)
{
	struct words a = {0}, b = {0};

	(void)state;
	words_extend(&a, &b);
	assert_int_equal(a.count, 0);
	words_addf(&b, "%s-%d", "x", 7);
	b.failed = true;
	words_extend(&a, &b);
	assert_int_equal(a.count, 1);
	assert_string_equal(a.list[0], "x-7");
	assert_true(a.failed);
	words_fini(&a);
	words_fini(&b);
	assert_false(a.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_split_refuses),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_extend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
