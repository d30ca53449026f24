/* SPDX-License-Identifier: BSD-3-Clause */
/* The table: learning, moving, ageing, forgetting, and what a port can do to others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/table.h"

#define SEED UINT64_C(0x123456789abcdef0)
#define AGEING 300
#define NOW 1000

static struct table t;
static unsigned counts[TABLE_PORTS];

static int setup(void **state)
{
	(void)state;
	table_init(&t, SEED, AGEING);
	return 0;
}

static enum table_learned learn(uint64_t mac, unsigned port, uint32_t now)
{
	return table_learn(&t, mac, port, table_generation(&t, port), now);
}

static unsigned count(unsigned port, uint32_t now)
{
	table_count(&t, now, counts);
	return counts[port];
}

static void test_learn(void **state)
{
	(void)state;
	assert_int_equal(table_find(&t, 2, NOW), -ENOENT);
	assert_int_equal(learn(2, 0, NOW), TABLE_NEW);
	assert_int_equal(learn(2, 0, NOW), TABLE_KNOWN);
	assert_int_equal(learn(2, 0, NOW + 1), TABLE_KNOWN);
	assert_int_equal(table_find(&t, 2, NOW), 0);
	assert_int_equal(table_find(&t, 4, NOW), -ENOENT);
	assert_int_equal(learn(UINT64_C(0xfffffffffffe), 31, NOW), TABLE_NEW);
	assert_int_equal(table_find(&t, UINT64_C(0xfffffffffffe), NOW), 31);
	assert_int_equal(count(0, NOW), 1);
	assert_int_equal(count(31, NOW), 1);
}

static void test_move(void **state)
{
	(void)state;
	learn(2, 0, NOW);
	assert_int_equal(learn(2, 1, NOW), TABLE_MOVED);
	assert_int_equal(table_find(&t, 2, NOW), 1);
	assert_int_equal(count(0, NOW), 0);
	assert_int_equal(count(1, NOW), 1);
	/* once too old, it doesn't move: it is new */
	assert_int_equal(learn(2, 0, NOW + AGEING + 1), TABLE_NEW);
}

static void test_age(void **state)
{
	(void)state;
	learn(2, 5, NOW);
	assert_int_equal(table_find(&t, 2, NOW + AGEING), 5);
	assert_int_equal(table_find(&t, 2, NOW + AGEING + 1), -ENOENT);
	assert_int_equal(count(5, NOW + AGEING + 1), 0);
	assert_int_equal(learn(2, 5, NOW + AGEING + 1), TABLE_NEW);
	assert_int_equal(learn(2, 5, NOW + 2 * AGEING), TABLE_KNOWN);
	assert_int_equal(table_find(&t, 2, NOW + 3 * AGEING), 5);
	/* a thread whose clock is a second behind */
	assert_int_equal(table_find(&t, 2, NOW + 2 * AGEING - 1), 5);
}

static void test_forget(void **state)
{
	uint8_t before = table_generation(&t, 1);

	(void)state;
	learn(2, 1, NOW);
	learn(4, 2, NOW);
	table_forget(&t, 1);
	assert_int_equal(table_find(&t, 2, NOW), -ENOENT);
	assert_int_equal(table_find(&t, 4, NOW), 2);
	assert_int_equal(count(1, NOW), 0);
	/* a frame of the life before that is looked at only now */
	table_learn(&t, 6, 1, before, NOW);
	assert_int_equal(table_find(&t, 6, NOW), -ENOENT);
	assert_int_equal(learn(2, 1, NOW), TABLE_NEW);
	assert_int_equal(table_find(&t, 2, NOW), 1);
}

/* What was swept stays forgotten, even when the generation has come round. */
static void test_sweep(void **state)
{
	(void)state;
	learn(2, 1, NOW);
	learn(4, 2, NOW);
	learn(6, 3, NOW - AGEING);
	table_sweep(&t, NOW);
	assert_int_equal(count(1, NOW) + count(2, NOW) + count(3, NOW), 3);
	table_forget(&t, 1);
	table_sweep(&t, NOW + 1);
	for (unsigned i = 0; i < 255; i++)
		table_forget(&t, 1);
	assert_int_equal(table_find(&t, 2, NOW), -ENOENT);
	assert_int_equal(table_find(&t, 4, NOW), 2);
	assert_int_equal(table_find(&t, 6, NOW), -ENOENT);
}

/* Addresses as they are given out, in sequence: half the table's size finds room, nearly all. */
static void test_spread(void **state)
{
	unsigned found = 0;

	(void)state;
	for (uint64_t i = 0; i < TABLE_SIZE / 2; i++)
		learn(0x02 | i << 24, i % 4, NOW);
	for (uint64_t i = 0; i < TABLE_SIZE / 2; i++)
		found += table_find(&t, 0x02 | i << 24, NOW) == (int)(i % 4);
	assert_true(found > TABLE_SIZE / 2 * 97 / 100);
}

/* With another seed, other addresses share a bucket: who can't be known outside. Of those learned
 * when buckets become full, it is chance whether one found a slot that it keeps. */
static void test_seed(void **state)
{
	static struct table other;
	unsigned same = 0, lost = 0, n = 0;

	(void)state;
	table_init(&other, SEED + 1, AGEING);
	for (uint64_t i = 1; i <= 2 * TABLE_SIZE; i++) {
		learn(i << 16, 0, NOW);
		table_learn(&other, i << 16, 0, 0, NOW);
	}
	for (uint64_t i = TABLE_SIZE * 3 / 4; i < TABLE_SIZE; i++, n++) {
		bool here = table_find(&t, i << 16, NOW) >= 0;

		lost += !here;
		same += here == (table_find(&other, i << 16, NOW) >= 0);
	}
	assert_true(lost >= n / 4 && lost <= n * 3 / 4);
	assert_true(same >= n / 4 && same <= n * 3 / 4);
}

/* One port sends from a million addresses; the few of others stay, though long silent. */
static void test_attack(void **state)
{
	uint64_t mac = 1;

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		learn(0x02 | i << 40, 1 + i % 5, NOW);
	for (unsigned i = 0; i < 1000000; i++) {
		mac = mac * UINT64_C(6364136223846793005) + 1442695040888963407;
		learn(mac >> 16 | 2, 0, NOW + 10);
	}
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(table_find(&t, 0x02 | i << 40, NOW + 10), 1 + i % 5);
	assert_true(count(0, NOW + 10) > TABLE_SIZE * 9 / 10);
	/* and an address that comes now finds a place as well */
	assert_int_equal(learn(0xaa, 7, NOW + 10), TABLE_NEW);
	learn(0xac, 0, NOW + 11);
	assert_int_equal(table_find(&t, 0xaa, NOW + 11), 7);
	/* when the flood is over, its addresses go */
	table_sweep(&t, NOW + 10 + AGEING + 1);
	assert_true(count(0, NOW + 10) <= 1);
}

/* A port alone: of too many, those that it used last. */
static void test_oldest_goes(void **state)
{
	unsigned found = 0;

	(void)state;
	for (uint64_t i = 1; i <= 2 * TABLE_SIZE; i++)
		learn(i << 8, 0, (uint32_t)(NOW + i * 100 / TABLE_SIZE));
	for (uint64_t i = 2 * TABLE_SIZE - TABLE_SIZE / 4; i <= 2 * TABLE_SIZE; i++)
		found += table_find(&t, i << 8, NOW + 200) == 0;
	assert_true(found > TABLE_SIZE / 4 * 99 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_learn, setup),
		cmocka_unit_test_setup(test_move, setup),
		cmocka_unit_test_setup(test_age, setup),
		cmocka_unit_test_setup(test_forget, setup),
		cmocka_unit_test_setup(test_sweep, setup),
		cmocka_unit_test_setup(test_spread, setup),
		cmocka_unit_test_setup(test_seed, setup),
		cmocka_unit_test_setup(test_attack, setup),
		cmocka_unit_test_setup(test_oldest_goes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
