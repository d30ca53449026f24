/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The measured frequency against a longer measurement of the test's own. Both use
 * CLOCK_MONOTONIC_RAW, so that NTP's slewing doesn't enter; what is left is the time that a busy
 * machine may steal between two readings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <time.h>
#include <x86intrin.h>

#include "runtime/tsc.h"

#define REFERENCE_NS 200000000
#define TOLERANCE_PPM 500

static int64_t raw_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* The counter at a moment: of some tries, the one that was disturbed least. */
static int64_t reading(uint64_t *tsc)
{
	uint64_t least = UINT64_MAX;
	int64_t ns = 0;

	for (int i = 0; i < 100; i++) {
		uint64_t before = __rdtsc();
		int64_t now = raw_ns();
		uint64_t after = __rdtsc();

		if (after - before < least) {
			least = after - before;
			*tsc = before + least / 2;
			ns = now;
		}
	}
	return ns;
}

static double reference_hz(void)
{
	uint64_t tsc_first, tsc_last;
	int64_t ns_first = reading(&tsc_first);
	int64_t ns_last;

	nanosleep(&(struct timespec){.tv_nsec = REFERENCE_NS}, NULL);
	ns_last = reading(&tsc_last);
	return (double)(tsc_last - tsc_first) * 1e9 / (double)(ns_last - ns_first);
}

static double off_ppm(double hz, double reference)
{
	return fabs(hz - reference) / reference * 1e6;
}

static void test_measured(void **state)
{
	double reference = reference_hz();

	(void)state;
	for (int i = 0; i < 10; i++) {
		double error_ppm = -1;
		int64_t begin;
		uint64_t hz;

		tsc_start();
		begin = raw_ns();
		hz = tsc_hz_measured(&error_ppm);
		if (off_ppm((double)hz, reference) > TOLERANCE_PPM)
			fail_msg("%.0f Hz, not %.0f", (double)hz, reference);
		assert_true(error_ppm > 0);
		assert_true(error_ppm <= TSC_ERROR_PPM);
		/* the bound is claimed on grounds: ten readings of a nanosecond clock can't give it
		 * at once */
		assert_true((double)(raw_ns() - begin) > 2.0 / (TSC_ERROR_PPM / 1e6));
	}
}

/* With time in between, as the boot has, the bound is narrower. */
static void test_bound_shrinks(void **state)
{
	double soon, late;

	(void)state;
	tsc_start();
	tsc_hz_measured(&soon);
	nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	tsc_hz_measured(&late);
	assert_true(late < soon);
}

static void test_what_eal_gets(void **state)
{
	double reference = reference_hz();
	uint64_t cpuid = tsc_hz_cpuid();

	(void)state;
	tsc_start();
	/* CPUID's number is a nominal one: crystals are off by some ten ppm, hypervisors round */
	if (off_ppm((double)cvio_tsc_hz(), reference) > 2 * TOLERANCE_PPM)
		fail_msg("%.0f Hz, not %.0f", (double)cvio_tsc_hz(), reference);
	if (cpuid != 0)
		assert_int_equal(cvio_tsc_hz(), cpuid);
}

static void test_plausible(void **state)
{
	(void)state;
	assert_true(tsc_hz_plausible(2500000000, 2500000000));
	assert_true(tsc_hz_plausible(2525000000, 2500000000));
	assert_true(tsc_hz_plausible(2475000000, 2500000000));
	assert_false(tsc_hz_plausible(2525000001, 2500000000));
	assert_false(tsc_hz_plausible(2474999999, 2500000000));
	assert_false(tsc_hz_plausible(0, 2500000000));
	assert_false(tsc_hz_plausible(UINT64_MAX, 2500000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measured),
		cmocka_unit_test(test_bound_shrinks),
		cmocka_unit_test(test_what_eal_gets),
		cmocka_unit_test(test_plausible),
	};

	return cmocka_run_group_tests_name("tsc", tests, NULL, NULL);
}
