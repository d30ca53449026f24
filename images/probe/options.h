/* SPDX-License-Identifier: BSD-3-Clause */
/* The probe's options: what follows `--` on its command line. Pure, for its tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/options.h"

#define OPTIONS_SIZES_MAX 32
#define OPTIONS_INFLIGHT_MAX \
	1024 /* frames: half of STREAM_SLOTS, so that none under way can be too old to tell */

struct options {
	uint16_t sizes[OPTIONS_SIZES_MAX]; /* bytes, FCS counted */
	unsigned size_count;
	uint64_t count;     /* frames of a row at the paced rate */
	uint64_t rate;      /* frames a second, over all streams */
	uint32_t inflight;  /* frames under way in a stream; 0: by the size of the rings */
	uint32_t full_ms;   /* milliseconds of a row at full speed; 0: none */
	uint16_t queues;    /* queue pairs of a port; 0: all */
	uint32_t wait;      /* seconds to wait for the peers */
	uint32_t outage_ms; /* milliseconds without a frame that are an outage, to go on after; 0:
			     * none is gone on after */
	bool json;
	bool echo;
	bool events;
	const char *sending; /* an option that says how to send; NULL: none was given */
};

extern const struct app_options options_table;
