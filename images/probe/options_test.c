/* SPDX-License-Identifier: BSD-3-Clause */
/* Options: command lines, what they mean, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/options_lines.h"
#include "probe/options.h"

static void test_defaults(void **state)
{
	static const uint16_t sizes[] = {64, 128, 256, 512, 1024, 1518};
	struct options opt;

	(void)state;
	assert_int_equal(options_line_parse(&options_table, "", &opt, NULL), 0);
	assert_int_equal(opt.size_count, 6);
	assert_memory_equal(opt.sizes, sizes, sizeof(sizes));
	assert_int_equal(opt.count, 100000);
	assert_int_equal(opt.rate, 200000);
	assert_int_equal(opt.full_ms, 1000);
	assert_int_equal(opt.inflight, 0);
	assert_int_equal(opt.outage_ms, 0);
	assert_int_equal(opt.queues, 0);
	assert_int_equal(opt.wait, 30);
	assert_false(opt.json || opt.echo || opt.events);
}

static void test_all(void **state)
{
	struct options opt;

	(void)state;
	assert_int_equal(options_line_parse(&options_table,
				 "--sizes 9018,64 --count 7 --rate 9 --inflight 1024 --queues 2 "
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
	assert_int_equal(
		options_line_parse(&options_table, "--echo --json --queues 4 --wait 5", &opt, NULL),
		0);
	assert_true(opt.echo && opt.json);
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
		assert_int_equal(options_line_parse(&options_table, cases[i].text, &opt, NULL), 0);
		assert_int_equal(opt.full_ms, cases[i].ms);
	}
}

static void test_wrong(void **state)
{
	static const struct options_wrong cases[] = {
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
		{"--echo --count 5", "--count has no meaning"},
		{"--echo --outages 100", "--outages has no meaning"},
		{"--outages 0", "--outages: '0' is not a number from 20 to 60000"},
		{"--sizes 64 --echo", "--sizes has no meaning"},
	};

	(void)state;
	options_wrong_check(&options_table, cases, sizeof(cases) / sizeof(cases[0]));
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
