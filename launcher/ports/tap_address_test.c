/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ports/tap_address.h"

static void test_address(void **state)
{
	static const char *const cases[][2] = {
		{"0123456789abcdef0123456789abcdef", "kni0"},
		{"0123456789abcdef0123456789abcdef", "kni1"},
		{"1123456789abcdef0123456789abcdef", "kni0"},
		{"", ""},
	};
	uint8_t mac[4][6], again[6];

	(void)state;
	for (int i = 0; i < 4; i++) {
		tap_address(cases[i][0], cases[i][1], mac[i]);
		tap_address(cases[i][0], cases[i][1], again);
		assert_memory_equal(mac[i], again, 6);
		assert_int_equal(mac[i][0] & 3, 2);
		for (int j = 0; j < i; j++)
			assert_memory_not_equal(mac[i], mac[j], 6);
	}
	assert_memory_equal(mac[0], "\x5a\xd9\x6d\xfc\x5a\x56", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_address)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
