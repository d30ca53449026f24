/* SPDX-License-Identifier: BSD-3-Clause */
/* Streams: arrivals as lists of numbers, and what they must be counted as. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/stream.h"

static void test_arrivals(void **state)
{
	static const struct {
		uint32_t sent;
		unsigned count;
		uint64_t numbers[8];
		uint64_t received, reordered, duplicated;
		uint32_t under_way;
	} cases[] = {
		{4, 4, {0, 1, 2, 3}, 4, 0, 0, 0},
		{4, 3, {0, 1, 3}, 3, 0, 0, 1},
		{4, 4, {1, 0, 3, 2}, 4, 2, 0, 0},
		{4, 4, {3, 2, 1, 0}, 4, 3, 0, 0},
		{4, 5, {0, 0, 1, 1, 0}, 2, 0, 3, 2},
		{4, 1, {3}, 1, 0, 0, 3},
		{4, 0, {0}, 0, 0, 0, 4},
	};
	struct stream s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stream_init(&s);
		stream_sent(&s, cases[i].sent);
		for (unsigned n = 0; n < cases[i].count; n++)
			assert_int_equal(stream_received(&s, cases[i].numbers[n]), 0);
		assert_int_equal(s.received, cases[i].received);
		assert_int_equal(s.reordered, cases[i].reordered);
		assert_int_equal(s.duplicated, cases[i].duplicated);
		assert_int_equal(s.under_way, cases[i].under_way);
		assert_int_equal(stream_missing(&s), cases[i].sent - cases[i].received);
	}
}

static void test_never_sent(void **state)
{
	struct stream s;

	(void)state;
	stream_init(&s);
	assert_int_equal(stream_received(&s, 0), -ERANGE);
	stream_sent(&s, 2);
	assert_int_equal(stream_received(&s, 2), -ERANGE);
	assert_int_equal(stream_received(&s, UINT64_MAX), -ERANGE);
	assert_int_equal(s.received, 0);
	assert_int_equal(s.under_way, 2);
}

/* Every seventh frame lost, over many turns of the ring: the window doesn't clog. */
static void test_lost_gives_place_back(void **state)
{
	struct stream s;
	uint64_t lost = 0;

	(void)state;
	stream_init(&s);
	for (uint64_t i = 0; i < 20 * STREAM_SLOTS; i++) {
		stream_sent(&s, 1);
		if (i % 7 == 0)
			lost++;
		else
			assert_int_equal(stream_received(&s, i), 0);
		assert_true(s.under_way <= STREAM_SLOTS / 7 + 1);
	}
	assert_int_equal(stream_missing(&s), lost);
	assert_int_equal(s.reordered, 0);
}

static void test_late_after_giving_up(void **state)
{
	struct stream s;

	(void)state;
	stream_init(&s);
	stream_sent(&s, 10);
	stream_give_up(&s);
	assert_int_equal(s.under_way, 0);
	stream_sent(&s, 5);
	assert_int_equal(stream_received(&s, 12), 0);
	assert_int_equal(s.under_way, 4);
	/* Given up, and came after all: received, and its place isn't given back twice. */
	assert_int_equal(stream_received(&s, 3), 0);
	assert_int_equal(s.under_way, 4);
	assert_int_equal(s.received, 2);
	assert_int_equal(s.reordered, 1);
	assert_int_equal(stream_missing(&s), 13);
}

static void test_gap_wider_than_the_ring(void **state)
{
	struct stream s;

	(void)state;
	stream_init(&s);
	for (int i = 0; i < 5; i++) {
		stream_sent(&s, STREAM_SLOTS / 2);
		stream_give_up(&s);
	}
	stream_sent(&s, 1);
	assert_int_equal(stream_received(&s, s.next - 1), 0);
	assert_int_equal(s.under_way, 0);
	assert_int_equal(stream_received(&s, 0), 0);
	assert_int_equal(stream_received(&s, s.next - STREAM_SLOTS - 1), 0);
	assert_int_equal(s.stale, 2);
	assert_int_equal(s.received, 1);
	assert_int_equal(stream_received(&s, s.next - STREAM_SLOTS), 0);
	assert_int_equal(s.received, 2);
	assert_int_equal(stream_received(&s, s.next - STREAM_SLOTS), 0);
	assert_int_equal(s.duplicated, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arrivals),
		cmocka_unit_test(test_never_sent),
		cmocka_unit_test(test_lost_gives_place_back),
		cmocka_unit_test(test_late_after_giving_up),
		cmocka_unit_test(test_gap_wider_than_the_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
