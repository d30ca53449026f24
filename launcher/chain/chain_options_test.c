/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the command lines of `cvio up` and `cvio down`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "chain/chain_options.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void test_parse(void **state)
{
	static const struct {
		bool up;
		const char *args[4];
		const char *file, *chain; /* file NULL: refused, with chain as the message */
		bool dry_run;
	} table[] = {
		{true, {NULL}, "cvio.yaml", NULL, false},
		{true, {"-f", "x"}, "x", NULL, false},
		{true, {"--file=x", "--dry-run"}, "x", NULL, true},
		{false, {NULL}, "cvio.yaml", NULL, false},
		{false, {"-f", "x"}, "x", NULL, false},
		{false, {"demo"}, "cvio.yaml", "demo", false},
		{true, {"demo"}, NULL, "up: demo: unexpected", false},
		{false, {"a", "b"}, NULL, "down: b: unexpected", false},
		{false, {"-f", "x", "demo"}, NULL, "demo: is given beside -f", false},
		{false, {"a/b"}, NULL, "a/b: is not a chain's name", false},
		{false, {"--dry-run"}, NULL, "--dry-run: no such option", false},
		{true, {"--frob"}, NULL, "--frob: no such option", false},
		{true, {"-f"}, NULL, "-f: needs a value", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *argv[8] = {table[i].up ? "up" : "down"};
		struct chain_options o;
		struct cvio_error err;
		int argc = 1, r;

		for (; argc <= 4 && table[i].args[argc - 1] != NULL; argc++)
			argv[argc] = (char *)table[i].args[argc - 1];
		r = chain_options_parse(argc, argv, table[i].up, &o, &err);
		if (table[i].file == NULL) {
			assert_int_equal(r, -EINVAL);
			assert_non_null(strstr(err.text, table[i].chain));
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(o.file, table[i].file);
		assert_int_equal(o.dry_run, table[i].dry_run);
		assert_true(table[i].chain == NULL ? o.chain == NULL
						   : strcmp(o.chain, table[i].chain) == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
