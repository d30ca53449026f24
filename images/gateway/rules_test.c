/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/rules.h"
#include "pmd/grammar/error.h"

static const struct facts arp = {.arp = true};
static const struct facts other = {0};
static const struct facts ping = {.version = 4, .proto = 1, .address = {10, 0, 0, 1}};
static const struct facts ping6 = {.version = 6, .proto = 58, .address = {0xfd, [15] = 1}};
static const struct facts icmp_in_6 = {.version = 6, .proto = 1};
static const struct facts ssh = {.version = 4,
	.proto = 6,
	.has_ports = true,
	.from = 40000,
	.to = 22,
	.address = {10, 0, 0, 2}};
static const struct facts ssh_back = {
	.version = 6, .proto = 6, .has_ports = true, .from = 22, .to = 40000};
static const struct facts udp_22 = {
	.version = 4, .proto = 17, .has_ports = true, .from = 1, .to = 22};
static const struct facts fragment = {.version = 4, .proto = 6};
static const struct facts ospf = {.version = 4, .proto = 89, .address = {224, 0, 0, 5}};

static void test_fit(void **state)
{
	static const struct {
		const char *rules; /* NULL: none */
		const struct facts *facts;
		bool fits;
	} cases[] = {
		{NULL, &other, true},
		{"all", &other, true},
		{"arp", &arp, true},
		{"arp", &other, false},
		{"arp", &ping, false},
		{"icmp", &ping, true},
		{"icmp", &ping6, true},
		{"icmp", &icmp_in_6, false},
		{"icmp", &ssh, false},
		{"tcp:22", &ssh, true},
		{"tcp:22", &ssh_back, true},
		{"tcp:23", &ssh, false},
		{"tcp:22", &udp_22, false},
		{"tcp:0", &fragment, false},
		{"udp:22", &udp_22, true},
		{"udp:22", &ssh, false},
		{"proto:89", &ospf, true},
		{"proto:6", &fragment, true},
		{"proto:0", &other, false},
		{"ip:10.0.0.1", &ping, true},
		{"ip:10.0.0.1", &ssh, false},
		{"ip:fd00::1", &ping6, true},
		{"ip:fd00::1", &ping, false},
		{"ip:0.0.0.0", &other, false},
		{"arp,icmp,tcp:22", &ssh, true},
		{"arp,icmp,tcp:22", &ospf, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rules rules = {0};

		if (cases[i].rules != NULL)
			assert_int_equal(rules_add(&rules, cases[i].rules, NULL), 0);
		if (rules_fit(&rules, cases[i].facts) != cases[i].fits)
			fail_msg("case %zu: %s", i, cases[i].rules);
	}
}

static void test_wrong(void **state)
{
	static const char *const cases[] = {"", "ar", "arp4", "tcp", "tcp:", "tcp:x", "tcp:-1",
		"tcp: 1", "tcp:65536", "tcp:22:23", "proto:256", "ip:", "ip:10.0.0", "ip:fd00::g",
		"arp,", ",arp", "arp,,icmp", "ALL",
		"ip:1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rules rules = {0};
		struct cvio_error err = {.text = ""};

		if (rules_add(&rules, cases[i], &err) != -EINVAL)
			fail_msg("%s is taken", cases[i]);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		assert_non_null(strstr(err.text, RULES_TEXT " is wanted"));
	}
}

static void test_many(void **state)
{
	struct rules rules = {0};
	struct cvio_error err;

	(void)state;
	for (int i = 0; i < RULES_MAX; i++)
		assert_int_equal(rules_add(&rules, "arp", NULL), 0);
	assert_int_equal(rules_add(&rules, "arp", &err), -EINVAL);
	assert_non_null(strstr(err.text, "at most 64 rules"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
