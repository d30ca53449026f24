/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a port leaves to be done: a frame that came in with a checksum still to be made, or larger
 * than the MTU, is made ready for the port that it leaves by.
 */
#pragma once

#include <stdint.h>

#include <rte_mbuf.h>

struct port;
struct ports;

#define SEGMENTS_MAX 128 /* of a frame of 64 KiB: an MSS of 536 bytes, the least that is usual */

/** How many frames it is on the wire: 1 but for LRO's. */
uint32_t segment_count(const struct rte_mbuf *frame);

/**
 * Make a frame ready.
 *
 * @param frame  taken
 * @param out    the port that it leaves by
 * @param to     room for SEGMENTS_MAX frames, owned by the caller from now on
 * @return       how many; 0: it can't be, there is no memory, and it is gone
 */
uint16_t segment(
	struct ports *ports, const struct port *out, struct rte_mbuf *frame, struct rte_mbuf **to);
