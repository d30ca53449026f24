/* SPDX-License-Identifier: BSD-3-Clause */
/* Columns as wide as counters become in a day at line rate; a wider number shifts its line only. */
#include "switch/report.h"

#include <inttypes.h>

static void row_print(FILE *out, const char *name, const char *state, const struct report_row *r)
{
	fprintf(out,
		"%5s %5s %13" PRIu64 " %16" PRIu64 " %13" PRIu64 " %16" PRIu64 " %10" PRIu64
		" %10" PRIu64 " %10" PRIu64 " %8" PRIu64 " %6" PRIu64 " %9u%s%s\n",
		name, state, r->rx_frames, r->rx_bytes, r->tx_frames, r->tx_bytes, r->dropped,
		r->flooded, r->filtered, r->learned, r->moved, r->addresses, r->path ? "  " : "",
		r->path ? r->path : "");
}

static void row_add(struct report_row *sum, const struct report_row *r)
{
	sum->rx_frames += r->rx_frames;
	sum->rx_bytes += r->rx_bytes;
	sum->tx_frames += r->tx_frames;
	sum->tx_bytes += r->tx_bytes;
	sum->dropped += r->dropped;
	sum->flooded += r->flooded;
	sum->filtered += r->filtered;
	sum->learned += r->learned;
	sum->moved += r->moved;
	sum->addresses += r->addresses;
}

void report_print(FILE *out, const struct report_row *rows, unsigned count)
{
	struct report_row sum = {0};
	char name[12], up[24];
	unsigned ups = 0;

	fprintf(out, "%5s %5s %13s %16s %13s %16s %10s %10s %10s %8s %6s %9s  %s\n", "port",
		"state", "rx_frames", "rx_bytes", "tx_frames", "tx_bytes", "dropped", "flooded",
		"filtered", "learned", "moved", "addresses", "socket");
	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%u", i);
		row_print(out, name, rows[i].up ? "up" : "down", &rows[i]);
		row_add(&sum, &rows[i]);
		ups += rows[i].up;
	}
	snprintf(up, sizeof(up), "%u/%u", ups, count);
	row_print(out, "all", up, &sum);
	fflush(out);
}
