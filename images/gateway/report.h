/* SPDX-License-Identifier: BSD-3-Clause */
/* The counters of all directions as one table. Pure, for its tests. */
#pragma once

#include <stdint.h>
#include <stdio.h>

struct report_row {
	const char *from, *to;
	uint64_t frames, bytes; /* as they came in */
	uint64_t large;         /* of these, larger than the MTU: LRO's */
	uint64_t segments;      /* frames that they are on the wire */
	uint64_t dropped;       /* the other port had no room, or refused them */
};

/** Print the table, a line for each row that is given. */
void report_print(FILE *out, const struct report_row *rows, unsigned count);
