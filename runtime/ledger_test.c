/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot ledger: its line, and that the stages add up to what has passed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/ledger.h"

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

struct line {
	double total;
	double stages[LEDGER_STAGES];
};

/* Reads the summary as its format has it; nothing may be left over. */
static void summary_read(struct line *line)
{
	double *s = line->stages;
	char buf[160];
	int end = -1;

	ledger_summary(buf, sizeof(buf));
	sscanf(buf,
		"%lf ms (config %lf, lcores %lf, memory %lf, EAL %lf, ports %lf, application "
		"%lf)%n",
		&line->total, &s[0], &s[1], &s[2], &s[3], &s[4], &s[5], &end);
	if (end != (int)strlen(buf))
		fail_msg("\"%s\"", buf);
}

static void test_sum(void **state)
{
	struct line line;
	double begin, spent, sum = 0;

	(void)state;
	begin = now_ms();
	ledger_start();
	ledger_end(LEDGER_CONFIG);
	ledger_end(LEDGER_LCORES);
	ledger_end(LEDGER_MEMORY);
	sleep_ms(20);
	ledger_end(LEDGER_EAL);
	sleep_ms(10);
	ledger_end(LEDGER_PORTS);
	spent = now_ms() - begin;
	summary_read(&line);

	for (int i = 0; i < LEDGER_STAGES; i++)
		sum += line.stages[i];
	/* each number is rounded to a tenth */
	assert_true(fabs(line.total - sum) <= 0.05 * (LEDGER_STAGES + 1) + 1e-6);
	assert_true(line.total >= 29.9);
	assert_true(line.total <= spent + 0.1);
	assert_true(line.stages[LEDGER_EAL] >= 19.9);
	assert_true(line.stages[LEDGER_PORTS] >= 9.9);
	assert_true(line.stages[LEDGER_PORTS] < line.total - 19);
	assert_true(line.stages[LEDGER_APPLICATION] < 0.01);
}

/* A stage that comes again is added to, as are the others left alone. */
static void test_again(void **state)
{
	struct line before, after;

	(void)state;
	summary_read(&before);
	ledger_start();
	sleep_ms(10);
	ledger_end(LEDGER_APPLICATION);
	sleep_ms(10);
	ledger_end(LEDGER_APPLICATION);
	summary_read(&after);
	/* rounded to a tenth, twice */
	assert_true(after.stages[LEDGER_APPLICATION] >= before.stages[LEDGER_APPLICATION] + 19.9);
	assert_true(after.total >= before.total + 19.9);
	assert_true(fabs(after.stages[LEDGER_EAL] - before.stages[LEDGER_EAL]) < 1e-6);
}

static void test_small_buffers(void **state)
{
	char whole[160], buf[160];

	(void)state;
	ledger_summary(whole, sizeof(whole));
	for (size_t len = 1; len <= strlen(whole) + 1; len++) {
		memset(buf, '#', sizeof(buf));
		ledger_summary(buf, len);
		assert_int_equal(strlen(buf), len - 1);
		assert_memory_equal(buf, whole, len - 1);
		assert_int_equal(buf[len], '#');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_small_buffers),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
