/* SPDX-License-Identifier: BSD-3-Clause */
/* The counters of all ports as one table. Pure, for its tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report_row {
	bool up;
	unsigned addresses; /* known behind the port now */
	const char *path;   /* the port's socket */
	uint64_t rx_frames, rx_bytes, tx_frames, tx_bytes;
	uint64_t dropped, flooded, filtered, learned, moved;
};

/** Print the table, a line for each port, and a last one with the sums. */
void report_print(FILE *out, const struct report_row *rows, unsigned count);
