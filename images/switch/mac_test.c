/* SPDX-License-Identifier: BSD-3-Clause */
/* MAC addresses: which kind each is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/mac.h"

static void test_kinds(void **state)
{
	static const struct {
		uint8_t bytes[MAC_LEN];
		bool group, source, reserved;
	} cases[] = {
		{{0x02, 0, 0, 0, 0, 1}, false, true, false},
		{{0, 0, 0, 0, 0, 1}, false, true, false},
		{{0, 0, 0, 0, 0, 0}, false, false, false},
		{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, true, false, false},
		{{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff}, false, true, false},
		{{0x01, 0x00, 0x5e, 0, 0, 1}, true, false, false},
		{{0x01, 0x80, 0xc2, 0, 0, 0x00}, true, false, true},
		{{0x01, 0x80, 0xc2, 0, 0, 0x0e}, true, false, true},
		{{0x01, 0x80, 0xc2, 0, 0, 0x0f}, true, false, true},
		{{0x01, 0x80, 0xc2, 0, 0, 0x10}, true, false, false},
		{{0x01, 0x80, 0xc2, 0, 1, 0x00}, true, false, false},
		{{0x00, 0x80, 0xc2, 0, 0, 0x00}, false, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t mac = mac_load(cases[i].bytes);

		assert_int_equal(mac_is_group(mac), cases[i].group);
		assert_int_equal(mac_is_source(mac), cases[i].source);
		assert_int_equal(mac_is_reserved(mac), cases[i].reserved);
	}
}

/* No two addresses are the same number, and none has more than 48 bits. */
static void test_every_bit_counts(void **state)
{
	uint8_t bytes[MAC_LEN] = {0};
	uint64_t all = 0;

	(void)state;
	for (unsigned bit = 0; bit < 8 * MAC_LEN; bit++) {
		uint64_t mac;

		bytes[bit / 8] = (uint8_t)(1 << bit % 8);
		mac = mac_load(bytes);
		bytes[bit / 8] = 0;
		assert_int_equal(__builtin_popcountll(mac), 1);
		all |= mac;
	}
	assert_true(all == MAC_MASK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_every_bit_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
