/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A histogram of times with logarithmic buckets: 32 to each power of two, so a quantile is right to
 * 3 % at any scale and noting a value takes a few instructions. Least and greatest value are exact.
 * Pure, for its tests.
 */
#pragma once

#include <stdint.h>

#define HISTOGRAM_STEPS 32 /* buckets to a power of two */
#define HISTOGRAM_BUCKETS \
	((64 - 5 + 1) * HISTOGRAM_STEPS) /* for all 64 bits: 2^5 = HISTOGRAM_STEPS */

struct histogram {
	uint64_t count;
	uint64_t min; /* UINT64_MAX as long as count is 0 */
	uint64_t max;
	uint32_t bucket[HISTOGRAM_BUCKETS];
};

/** Empty it. */
void histogram_init(struct histogram *h);

/** Note a value, in any unit. */
void histogram_add(struct histogram *h, uint64_t value);

/**
 * The least value that at least part/whole of all values don't exceed, to the precision of a bucket
 * and never outside of min and max.
 *
 * @param part   0 to whole; 50 of 100 is the median
 * @param whole  not 0
 * @return       0 if no value was noted
 */
uint64_t histogram_quantile(const struct histogram *h, uint32_t part, uint32_t whole);
