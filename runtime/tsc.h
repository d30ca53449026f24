/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How fast the time-stamp counter runs.
 *
 * CPUID tells on many machines. Where it doesn't (AMD, most hypervisors), DPDK sleeps 100 ms. Here,
 * two readings of the counter beside CLOCK_MONOTONIC_RAW are taken, one when the boot starts and
 * one when EAL asks, with the rest of the boot in between; more time is spent only if the error
 * would be beyond TSC_ERROR_PPM.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TSC_ERROR_PPM \
	100 /* bound of a measurement's error; NTP itself slews a clock by up to 500 ppm */

/** Take the first reading. */
void tsc_start(void);

/**
 * The frequency in Hz; never 0 after tsc_start(). EAL calls it (subprojects/packagefiles, 0002).
 */
uint64_t cvio_tsc_hz(void);

/**
 * Whether what CPUID told may be so: within 1 % of the measurement. A hypervisor may use the leaf
 * for something else; 0 never is.
 */
bool tsc_hz_plausible(uint64_t told, uint64_t measured);

/** The frequency as CPUID tells it, in Hz, or 0. */
uint64_t tsc_hz_cpuid(void);

/**
 * Measure the frequency since tsc_start().
 *
 * @param error_ppm  filled in: the bound of the error, in parts per million
 * @return           Hz
 */
uint64_t tsc_hz_measured(double *error_ppm);
