/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/tsc.h"

#include <cpuid.h>
#include <time.h>
#include <x86intrin.h>

/*
 * A moment on both clocks: the time was read between two readings of the counter, this far apart.
 */
struct moment {
	uint64_t tsc;   /* the middle of the two */
	uint64_t width; /* cycles from the middle to either, at most */
	int64_t ns;
};

static struct moment first;

/* The narrowest of some tries: an interrupt or a steal between the readings only widens it. */
static struct moment moment_read(void)
{
	struct moment best = {.width = UINT64_MAX};

	for (int i = 0; i < 16; i++) {
		struct timespec ts;
		uint64_t before = __rdtsc();
		uint64_t after;

		clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
		after = __rdtsc();
		if ((after - before) / 2 + 1 < best.width) {
			best.width = (after - before) / 2 + 1;
			best.tsc = before + (after - before) / 2;
			best.ns = ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
		}
	}
	return best;
}

void tsc_start(void)
{
	first = moment_read();
}

uint64_t tsc_hz_cpuid(void)
{
	uint32_t a = 0, b = 0, c = 0, d = 0;

	/* Intel SDM, CPUID leaf 15H: EAX/EBX is the crystal-to-TSC ratio, ECX the crystal's Hz */
	if (__get_cpuid(0x15, &a, &b, &c, &d) && a != 0 && b != 0 && c != 0)
		return (uint64_t)c * b / a;

	/* hypervisors: leaf 40000010H, first VMware's, tells kHz in EAX; bit 31 of 1H.ECX says that
	 * there is one */
	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (1U << 31)) == 0)
		return 0;
	__cpuid(0x40000000, a, b, c, d);
	if (a < 0x40000010)
		return 0;
	__cpuid(0x40000010, a, b, c, d);
	return (uint64_t)a * 1000;
}

uint64_t tsc_hz_measured(double *error_ppm)
{
	for (;;) {
		struct moment last = moment_read();
		double cycles = (double)(last.tsc - first.tsc);
		int64_t ns = last.ns - first.ns;

		if (ns > 0) {
			/* each end is off by its width at most; the clock itself ticks in
			 * nanoseconds */
			*error_ppm = 1e6 * ((double)(first.width + last.width) / cycles +
						   2.0 / (double)ns);
			if (*error_ppm <= TSC_ERROR_PPM)
				return (uint64_t)(cycles * 1e9 / (double)ns);
		}
		nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
	}
}

bool tsc_hz_plausible(uint64_t told, uint64_t measured)
{
	uint64_t off = told > measured ? told - measured : measured - told;

	return off <= measured / 100;
}

uint64_t cvio_tsc_hz(void)
{
	uint64_t hz = tsc_hz_cpuid();
	double error_ppm;
	uint64_t measured = tsc_hz_measured(&error_ppm);

	return tsc_hz_plausible(hz, measured) ? hz : measured;
}
