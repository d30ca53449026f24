/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values below HISTOGRAM_STEPS have a bucket each. Above, a bucket is named by the position of the
 * highest bit set and by the five bits after it.
 */
#include "probe/histogram.h"

#include <string.h>

#define STEP_BITS 5

_Static_assert(1 << STEP_BITS == HISTOGRAM_STEPS, "the steps are a power of two");

static unsigned bucket_of(uint64_t value)
{
	unsigned shift;

	if (value < HISTOGRAM_STEPS)
		return (unsigned)value;
	shift = 63 - __builtin_clzll(value) - STEP_BITS;
	return shift * HISTOGRAM_STEPS + (unsigned)(value >> shift);
}

/* The greatest value that falls into a bucket. */
static uint64_t bucket_top(unsigned bucket)
{
	unsigned shift;
	uint64_t step;

	if (bucket < HISTOGRAM_STEPS)
		return bucket;
	shift = bucket / HISTOGRAM_STEPS - 1;
	step = HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS;
	return (step << shift) + ((1ULL << shift) - 1);
}

void histogram_init(struct histogram *h)
{
	memset(h, 0, sizeof(*h));
	h->min = UINT64_MAX;
}

void histogram_add(struct histogram *h, uint64_t value)
{
	h->count++;
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->bucket[bucket_of(value)]++;
}

uint64_t histogram_quantile(const struct histogram *h, uint32_t part, uint32_t whole)
{
	uint64_t rank = (h->count * part + whole - 1) / whole;
	uint64_t below = 0;

	if (h->count == 0)
		return 0;
	if (rank <= 1)
		return h->min;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		below += h->bucket[i];
		if (below >= rank)
			return bucket_top(i) < h->max ? bucket_top(i) : h->max;
	}
	return h->max;
}
