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
#include "probe/options.h"

/* Splits words at spaces; the line holds at most 19. */
static int parse(const char *line, struct options *opt, struct cvio_error *err)
{
	char text[512] = "probe ", *argv[21], *save = NULL;
	int argc = 0;

	strncat(text, line, sizeof(text) - strlen(text) - 1);
	for (char *w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	return options_parse(argc, argv, opt, err);
}

static void test_defaults(void **state)
{
	static const uint16_t sizes[] = {64, 128, 256, 512, 1024, 1518};
	struct options opt;

	(void)state;
	assert_int_equal(parse("", &opt, NULL), 0);
	assert_int_equal(opt.size_count, 6);
	assert_memory_equal(opt.sizes, sizes, sizeof(sizes));
	assert_int_equal(opt.count, 100000);
	assert_int_equal(opt.rate, 200000);
	assert_int_equal(opt.full_ms, 1000);
	assert_int_equal(opt.inflight, 0);
	assert_int_equal(opt.outage_ms, 0);
	assert_int_equal(opt.queues, 0);
	assert_int_equal(opt.wait, 30);
	assert_false(opt.json || opt.echo || opt.events || opt.help);
}

static void test_all(void **state)
{
	struct options opt;

	(void)state;
	assert_int_equal(parse("--sizes 9018,64 --count 7 --rate 9 --inflight 1024 --queues 2 "
			       "--seconds 2.5 --wait=0 --json --events --outages 100",
				 &opt, NULL),
		0);
	assert_int_equal(opt.size_count, 2);
	assert_int_equal(opt.sizes[0], 9018);
	assert_int_equal(opt.sizes[1], 64);
	assert_int_equal(opt.count, 7);
	assert_int_equal(opt.rate, 9);
	assert_int_equal(opt.inflight, 1024);
	assert_int_equal(opt.queues, 2);
	assert_int_equal(opt.full_ms, 2500);
	assert_int_equal(opt.wait, 0);
	assert_int_equal(opt.outage_ms, 100);
	assert_true(opt.json && opt.events);
	assert_int_equal(parse("--echo --json --queues 4 --wait 5", &opt, NULL), 0);
	assert_true(opt.echo && opt.json);
	assert_int_equal(parse("--help", &opt, NULL), 0);
	assert_true(opt.help);
}

static void test_seconds(void **state)
{
	static const struct {
		const char *text;
		uint32_t ms;
	} cases[] = {{"--seconds 0", 0}, {"--seconds 0.001", 1}, {"--seconds 0.25", 250},
		{"--seconds 1.5", 1500}, {"--seconds 3600", 3600000}};
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].text, &opt, NULL), 0);
		assert_int_equal(opt.full_ms, cases[i].ms);
	}
}

static void test_wrong(void **state)
{
	/* A line and what its error must name. */
	static const char *const cases[][2] = {
		{"--sizes 63", "'63'"},
		{"--sizes 9019", "'9019'"},
		{"--sizes 64,", "''"},
		{"--sizes ,64", "''"},
		{"--sizes 64,128x", "'128x'"},
		{"--sizes -64", "'-64'"},
		{"--sizes "
		 "64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,"
		 "64,64,64,64,64,64,64,64",
			"more than 32"},
		{"--count 0", "--count: '0'"},
		{"--count 1e3", "'1e3'"},
		{"--count 9999999999999999999999", "--count"},
		{"--rate 0", "--rate"},
		{"--rate 100000001", "--rate"},
		{"--inflight 0", "--inflight"},
		{"--inflight 1025", "1 to 1024"},
		{"--queues 129", "--queues"},
		{"--queues 0", "--queues"},
		{"--seconds -1", "'-1'"},
		{"--seconds .5", "'.5'"},
		{"--seconds 1.", "'1.'"},
		{"--seconds 0.0001", "'0.0001'"},
		{"--seconds 3601", "3600"},
		{"--wait x", "--wait"},
		{"--json --wait", "--wait: a value is missing"},
		{"--json=1", "--json=1: "},
		{"--frob", "--frob: no such option"},
		{"--json -x", "-x: no such option"},
		{"--json frob --echo", "'frob'"},
		{"--echo --count 5", "--count has no meaning"},
		{"--echo --outages 100", "--outages has no meaning"},
		{"--outages 0", "--outages: '0' is not a number from 20 to 60000"},
		{"--sizes 64 --echo", "--sizes has no meaning"},
	};
	struct cvio_error err;
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(parse(cases[i][0], &opt, &err), -EINVAL);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, cases[i][1]) == NULL)
			fail_msg("%s: \"%s\" doesn't say %s", cases[i][0], err.text, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
