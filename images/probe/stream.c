/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring of bits remembers which of the last STREAM_SLOTS numbers came back. Every number passes
 * through the ring once, so the cost of an arrival is constant on average however many frames were
 * lost before it.
 */
#include "probe/stream.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool slot_test(const struct stream *s, uint64_t number)
{
	uint64_t slot = number % STREAM_SLOTS;

	return s->seen[slot / 64] >> (slot % 64) & 1;
}

static void slot_write(struct stream *s, uint64_t number, bool seen)
{
	uint64_t slot = number % STREAM_SLOTS;
	uint64_t bit = 1ULL << (slot % 64);

	if (seen)
		s->seen[slot / 64] |= bit;
	else
		s->seen[slot / 64] &= ~bit;
}

void stream_init(struct stream *s)
{
	memset(s, 0, sizeof(*s));
}

void stream_sent(struct stream *s, uint32_t n)
{
	s->next += n;
	s->under_way += n;
}

/* Give number the slot of the one that was STREAM_SLOTS before it; if that one never came, it is
 * lost. */
static void slot_take(struct stream *s, uint64_t number, bool seen)
{
	if (number >= STREAM_SLOTS && number - STREAM_SLOTS >= s->given_up && !slot_test(s, number))
		s->under_way--;
	slot_write(s, number, seen);
}

int stream_received(struct stream *s, uint64_t sequence)
{
	if (sequence >= s->next)
		return -ERANGE;
	if (sequence >= s->expected) {
		while (s->expected < sequence)
			slot_take(s, s->expected++, false);
		slot_take(s, s->expected++, true);
	} else if (s->expected - sequence > STREAM_SLOTS) {
		s->stale++;
		return 0;
	} else if (slot_test(s, sequence)) {
		s->duplicated++;
		return 0;
	} else {
		slot_write(s, sequence, true);
		s->reordered++;
	}
	s->received++;
	if (sequence >= s->given_up)
		s->under_way--;
	return 0;
}

void stream_give_up(struct stream *s)
{
	s->given_up = s->next;
	s->under_way = 0;
}

uint64_t stream_missing(const struct stream *s)
{
	return s->next - s->received;
}
