/* SPDX-License-Identifier: BSD-3-Clause */
/* Options: command lines, what they mean, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/options_lines.h"
#include "gateway/options.h"

static void test_right(void **state)
{
	static const struct {
		const char *line;
		struct options opt; /* of its rules: how many */
	} cases[] = {
		{"", {.lcores = 1}},
		{"--kernel arp,icmp --kernel=tcp:179", {.lcores = 1, .kernel.count = 3}},
		{"--lcores 2 --mtu 9000 --stats=5", {.lcores = 2, .mtu = 9000, .stats = 5}},
		{"--no-offloads", {.lcores = 1, .no_offloads = true}},
	};
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(options_line_parse(&options_table, cases[i].line, &opt, NULL), 0);
		assert_int_equal(opt.kernel.count, cases[i].opt.kernel.count);
		assert_int_equal(opt.lcores, cases[i].opt.lcores);
		assert_int_equal(opt.mtu, cases[i].opt.mtu);
		assert_int_equal(opt.stats, cases[i].opt.stats);
		assert_int_equal(opt.no_offloads, cases[i].opt.no_offloads);
	}
}

static void test_wrong(void **state)
{
	static const struct options_wrong cases[] = {
		{"--kernel bgp", "--kernel bgp: no such rule"},
		{"--mtu 67", "68 to 9600"},
		{"--mtu 9601", "'9601'"},
		{"--lcores 0", "1 to 32"},
		{"--stats 0", "--stats: '0'"},
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
