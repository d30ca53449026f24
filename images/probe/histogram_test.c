/* SPDX-License-Identifier: BSD-3-Clause */
/* Histogram: quantiles against values whose order is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/histogram.h"

static struct histogram h;

static void test_empty(void **state)
{
	(void)state;
	histogram_init(&h);
	assert_int_equal(histogram_quantile(&h, 50, 100), 0);
	assert_int_equal(h.count, 0);
}

/* One value is every quantile of itself, exactly, at every scale. */
static void test_single(void **state)
{
	static const uint64_t values[] = {0, 1, 31, 32, 33, 63, 64, 65, 1000, 123456789, 1ULL << 40,
		UINT64_MAX - 1, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		histogram_init(&h);
		histogram_add(&h, values[i]);
		assert_true(histogram_quantile(&h, 50, 100) == values[i]);
		assert_true(histogram_quantile(&h, 99, 100) == values[i]);
		assert_true(h.min == values[i] && h.max == values[i]);
	}
}

static void test_quantiles(void **state)
{
	static const struct {
		uint32_t part;
		uint64_t exact;
	} cases[] = {{0, 1}, {1, 100}, {50, 5000}, {90, 9000}, {99, 9900}, {100, 10000}};

	(void)state;
	histogram_init(&h);
	for (uint64_t v = 10000; v > 0; v--)
		histogram_add(&h, v);
	assert_int_equal(h.count, 10000);
	assert_int_equal(h.min, 1);
	assert_int_equal(h.max, 10000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t q = histogram_quantile(&h, cases[i].part, 100);

		/* Never below, and above by less than a bucket. */
		assert_true(q >= cases[i].exact);
		assert_true(q <= cases[i].exact + cases[i].exact / HISTOGRAM_STEPS);
	}
}

/* Of an even number of values the lower one in the middle. */
static void test_even_count(void **state)
{
	(void)state;
	histogram_init(&h);
	for (uint64_t v = 1; v <= 4; v++)
		histogram_add(&h, v);
	assert_int_equal(histogram_quantile(&h, 50, 100), 2);
}

static void test_outlier(void **state)
{
	(void)state;
	histogram_init(&h);
	for (int i = 0; i < 999; i++)
		histogram_add(&h, 20);
	histogram_add(&h, 1000000);
	assert_int_equal(histogram_quantile(&h, 50, 100), 20);
	assert_int_equal(histogram_quantile(&h, 99, 100), 20);
	assert_int_equal(histogram_quantile(&h, 100, 100), 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_quantiles),
		cmocka_unit_test(test_even_count),
		cmocka_unit_test(test_outlier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
