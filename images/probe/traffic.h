/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine: puts frames on the ports and takes them off, burst by burst, and keeps each stream's
 * account. A flow is a stream on one queue pair; what it sent may come back on any queue of the
 * port where it belongs, since a forwarder chooses its queues itself.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "probe/frame.h"
#include "probe/histogram.h"
#include "probe/ports.h"
#include "probe/stream.h"

struct cvio_error;
struct phase_result;

#define TRAFFIC_BURST 32

struct flow {
	struct stream stream;
	struct port *port;       /* sends there */
	const struct port *back; /* its frames come back there */
	uint16_t queue;
	bool active;    /* the peer enabled the queue pair */
	uint64_t heard; /* received when warmup() began to wait for more */
	struct rte_ether_addr dst;
};

struct traffic {
	struct ports *ports;
	struct flow *flows; /* their index is the number of their stream */
	unsigned flow_count;
	uint32_t inflight;     /* frames under way in a flow at most */
	uint64_t last_arrival; /* TSC: since then nothing came though something was under way */
	uint64_t damaged, late, foreign;
	struct histogram *rtt; /* in TSC ticks; NULL: don't time */
	struct frame_template frame;
};

/**
 * Make a flow for each queue pair that may be sent on; none is active yet.
 *
 * @param ports  opened, borrowed until traffic_fini()
 * @return       0, or -ENOMEM with CVIO_EXIT_MEMORY
 */
int traffic_init(struct traffic *t, struct ports *ports, struct cvio_error *err);

void traffic_fini(struct traffic *t);

/**
 * Begin a phase: its own frames, all counts at 0. Nothing of the last phase should be under way any
 * more.
 *
 * @param size  of the frames, in bytes with FCS
 * @param rtt   where to note round-trip times, borrowed; NULL for nowhere
 */
void traffic_begin(struct traffic *t, uint16_t size, struct histogram *rtt);

/** Send up to want frames, as the flow's window and the ring have room; returns how many. */
uint32_t traffic_send(struct traffic *t, struct flow *flow, uint32_t want);

/** Take in what came on any port and queue. */
void traffic_receive(struct traffic *t);

/** Frames under way in all flows. */
uint64_t traffic_under_way(const struct traffic *t);

/** Expect nothing of what is under way. */
void traffic_give_up(struct traffic *t);

/** Frames received back in all flows since traffic_begin(). */
uint64_t traffic_received(const struct traffic *t);

/** Fill in the counts of the phase; what is still under way is in none. */
void traffic_result(const struct traffic *t, struct phase_result *result);
