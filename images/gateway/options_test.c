/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "gateway/options.h"
#include "pmd/grammar/error.h"

static int parse(const char *line, struct options *opt, struct cvio_error *err)
{
	char text[256] = "gateway ", *argv[17], *save = NULL;
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
		struct options opt; /* of its rules: how many */
	} cases[] = {
		{"", {.lcores = 1}},
		{"--kernel arp,icmp --kernel=tcp:179", {.lcores = 1, .kernel.count = 3}},
		{"--lcores 2 --mtu 9000 --stats=5", {.lcores = 2, .mtu = 9000, .stats = 5}},
		{"--no-offloads", {.lcores = 1, .no_offloads = true}},
		{"--help", {.lcores = 1, .help = true}},
	};
	struct options opt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].line, &opt, NULL), 0);
		assert_int_equal(opt.kernel.count, cases[i].opt.kernel.count);
		assert_int_equal(opt.lcores, cases[i].opt.lcores);
		assert_int_equal(opt.mtu, cases[i].opt.mtu);
		assert_int_equal(opt.stats, cases[i].opt.stats);
		assert_int_equal(opt.no_offloads, cases[i].opt.no_offloads);
		assert_int_equal(opt.help, cases[i].opt.help);
	}
}

static void test_wrong(void **state)
{
	/* A line and what its error must name. */
	static const char *const cases[][2] = {
		{"--kernel bgp", "--kernel bgp: no such rule"},
		{"--kernel", "--kernel: a value is missing"},
		{"--mtu 67", "68 to 9600"},
		{"--mtu 9601", "'9601'"},
		{"--lcores 0", "1 to 32"},
		{"--stats 0", "--stats: '0'"},
		{"--no-offloads=1", "--no-offloads=1: "},
		{"frob", "'frob'"},
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
