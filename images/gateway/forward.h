/* SPDX-License-Identifier: BSD-3-Clause */
/* One lcore's part: what comes in on its receive queues is sent where it belongs. */
#pragma once

#include <stdint.h>

#include <rte_mbuf.h>

#include "gateway/ports.h"
#include "gateway/segment.h"

struct rules;

#define BURST 32
#define OUT_MAX (2 * SEGMENTS_MAX)

/* From a port to another; to itself: what no rule gives to anybody. */
struct direction {
	uint64_t frames, bytes, large, segments, dropped;
};

struct forward {
	struct ports *ports;
	const struct rules *rules;
	struct direction counted[PORTS_MAX][PORTS_MAX]; /* from, to; written by this lcore alone */
	uint16_t pending;
	struct rte_mbuf *out[OUT_MAX]; /* for one queue of one port */
};

/** Take a burst from one receive queue, and send it. */
void forward_queue(struct forward *f, unsigned from, uint16_t queue);

/** Free what was sent, on all ports; for now and then. */
void forward_tidy(struct forward *f);
