/* SPDX-License-Identifier: BSD-3-Clause */
/* Columns as wide as counters become in a day at line rate; a wider number shifts its line only. */
#include "gateway/report.h"

#include <inttypes.h>

void report_print(FILE *out, const struct report_row *rows, unsigned count)
{
	fprintf(out, "%7s %7s %13s %16s %13s %13s %14s %10s\n", "from", "to", "frames", "bytes",
		"large", "segments", "segments/frame", "dropped");
	for (unsigned i = 0; i < count; i++) {
		const struct report_row *r = &rows[i];
		double ratio = r->frames == 0 ? 0 : (double)r->segments / (double)r->frames;

		fprintf(out,
			"%7s %7s %13" PRIu64 " %16" PRIu64 " %13" PRIu64 " %13" PRIu64
			" %14.2f %10" PRIu64 "\n",
			r->from, r->to, r->frames, r->bytes, r->large, r->segments, ratio,
			r->dropped);
	}
	fflush(out);
}
