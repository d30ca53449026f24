/* SPDX-License-Identifier: BSD-3-Clause */
/* The table. It goes to stdout as it comes; on a terminal a line of progress stands where the next
 * row will be. */
#include "probe/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "probe/ports.h"

double phase_mpps(const struct phase_result *r)
{
	return r->seconds > 0 ? (double)r->timed / r->seconds / 1e6 : 0;
}

double phase_gbps(const struct phase_result *r, uint16_t size)
{
	return phase_mpps(r) * size * 8 / 1e3;
}

bool row_failed(const struct row *row)
{
	return (row->paced.lost > 0 && row->outages == 0) || row->paced.damaged > 0 ||
	       row->paced.duplicated > 0 || row->full.damaged > 0;
}

void report_events(const struct start_times *times)
{
	printf("{\"link_up_ns\": %" PRIu64 ", \"queue_enabled_ns\": %" PRIu64
	       ", \"first_frame_ns\": %" PRIu64 "}\n",
		times->link_up, times->queue_enabled, times->first_frame);
	fflush(stdout);
}

void report_outage(const struct outage *outage, bool json)
{
	if (json)
		printf("{\"outage\": {\"from_ns\": %" PRIu64 ", \"to_ns\": %" PRIu64
		       ", \"received\": %" PRIu64 "}}\n",
			outage->from, outage->to, outage->received);
	else
		printf("outage of %.3f s, after %" PRIu64 " frames\n",
			(double)(outage->to - outage->from) / 1e9, outage->received);
	fflush(stdout);
}

void report_head(const struct ports *ports, const struct options *opt, uint32_t inflight)
{
	for (unsigned i = 0; i < ports->count; i++) {
		const struct port *port = &ports->port[i];

		printf("port %u: %s (%s), %u of %u queue pairs in use\n", port->id, port->name,
			port->driver, port_queues_used(port), port->queues_have);
	}
	printf("paced at %" PRIu64 " frames/s, then %g s at full speed; at most %" PRIu32
	       " frames under way a queue\n\n",
		opt->rate, opt->full_ms / 1e3, inflight);
	printf("%5s %9s %9s %7s %9s %7s  %9s  %9s %8s %7s %7s\n", "frame", "sent", "received",
		"lost", "reordered", "damaged", "RTT", "RTT", "full", "speed", "lost");
	printf("%5s %9s %9s %7s %9s %7s  %9s  %9s %8s %7s %7s\n", "bytes", "", "", "", "", "",
		"median us", "99 % us", "Mpps", "Gbit/s", "");
	fflush(stdout);
}

static bool on_terminal(void)
{
	return isatty(STDOUT_FILENO);
}

void report_row(const struct row *row)
{
	const struct phase_result *p = &row->paced;

	if (on_terminal())
		printf("\r\033[K");
	printf("%5u %9" PRIu64 " %9" PRIu64 " %7" PRIu64 " %9" PRIu64 " %7" PRIu64 "  %9.2f  %9.2f",
		row->size, p->sent, p->received, p->lost, p->reordered, p->damaged, row->rtt.median,
		row->rtt.p99);
	if (row->full.ran)
		printf(" %8.3f %7.2f %7" PRIu64 "\n", phase_mpps(&row->full),
			phase_gbps(&row->full, row->size), row->full.lost);
	else
		printf(" %8s %7s %7s\n", "-", "-", "-");
	fflush(stdout);
}

void report_progress(uint16_t size, const char *phase, unsigned percent)
{
	if (!on_terminal())
		return;
	printf("\r%5u %s %u %%\033[K", size, phase, percent);
	fflush(stdout);
}

/* Rare things have no column: they are told where there are any. */
static void rare_tell(const char *what, uint64_t paced, uint64_t full)
{
	if (paced + full > 0)
		printf("%s: %" PRIu64 " at the paced rate, %" PRIu64 " at full speed\n", what,
			paced, full);
}

void report_tail(const struct row *rows, unsigned count, const char *why_short)
{
	struct phase_result p = {0}, f = {0};
	unsigned failed = 0, outages = 0;
	double longest = 0;

	for (unsigned i = 0; i < count; i++) {
		p.duplicated += rows[i].paced.duplicated;
		f.duplicated += rows[i].full.duplicated;
		p.late += rows[i].paced.late;
		f.late += rows[i].full.late;
		p.foreign += rows[i].paced.foreign;
		f.foreign += rows[i].full.foreign;
		f.reordered += rows[i].full.reordered;
		f.damaged += rows[i].full.damaged;
		failed += row_failed(&rows[i]);
		outages += rows[i].outages;
		longest = rows[i].outage_max > longest ? rows[i].outage_max : longest;
	}
	printf("\n");
	rare_tell("duplicated", p.duplicated, f.duplicated);
	rare_tell("late", p.late, f.late);
	rare_tell("foreign frames, not counted", p.foreign, f.foreign);
	rare_tell("reordered", 0, f.reordered);
	rare_tell("damaged", 0, f.damaged);
	if (outages > 0)
		printf("outages: %u, the longest %.3f s\n", outages, longest);
	if (why_short != NULL)
		printf("ended early: %s\n", why_short);
	else if (failed > 0)
		printf("FAILED: frames were lost, damaged or duplicated in %u of %u rows\n", failed,
			count);
	else
		printf("passed: at the paced rate nothing was %sdamaged or duplicated\n",
			outages == 0 ? "lost, " : "");
}
