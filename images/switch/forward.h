/* SPDX-License-Identifier: BSD-3-Clause */
/* What is done with frames: learn where each comes from, decide where it goes, send it there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "switch/ports.h"

struct table;

#define FORWARD_BURST 32

/* An lcore's own. A frame goes to a port at most once, so a burst's worth of room is enough. */
struct forward {
	struct ports *ports;
	struct table *table;
	struct {
		struct rte_mbuf *frame[FORWARD_BURST];
		uint16_t count;
	} out[PORTS_MAX];
};

/**
 * Receive a burst on each queue of a port and forward it. One lcore only may do so for a port.
 *
 * @param in   index of the port
 * @param now  seconds, for the table
 * @return     whether anything was received
 */
bool forward_port(struct forward *f, unsigned in, uint32_t now);
