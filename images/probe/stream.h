/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One stream of numbered frames: what is under way, what came back, in which order. Pure, for its
 * tests.
 *
 * The sender keeps at most a window of frames under way, so a frame that is lost must give its
 * place back sooner or later. It does when STREAM_SLOTS younger frames have come back past it, or
 * when the caller gives up on all that are under way after a time without any arrival. A frame
 * given up that comes after all is counted as received.
 */
#pragma once

#include <stdint.h>

#define STREAM_SLOTS \
	2048 /* numbers, back from the youngest received, of which we know whether they came */

struct stream {
	uint64_t next;     /* the number to send next; so many were sent */
	uint64_t expected; /* one more than the highest number received */
	uint64_t given_up; /* numbers below it hold no place in the window */
	uint32_t under_way;
	uint64_t received;   /* each number once */
	uint64_t reordered;  /* received after a higher number (RFC 4737) */
	uint64_t duplicated; /* received again */
	uint64_t stale;      /* so late that one can't say whether again: not in received */
	uint64_t seen[STREAM_SLOTS / 64];
};

/** Begin anew from number 0. */
void stream_init(struct stream *s);

/** Note that n more frames, numbered from s->next, were sent. */
void stream_sent(struct stream *s, uint32_t n);

/**
 * Note that a frame came back.
 *
 * @return 0, or -ERANGE if no frame of that number was sent; then nothing is counted
 */
int stream_received(struct stream *s, uint64_t sequence);

/** Count nothing as under way any more. */
void stream_give_up(struct stream *s);

/** Frames sent that didn't come back: lost, once nothing is expected any more. */
uint64_t stream_missing(const struct stream *s);
