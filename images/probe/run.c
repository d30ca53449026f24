/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Measure: for each frame size a paced phase, in which nothing may be lost, and a phase at full
 * speed. Both are closed loops: a flow has at most a window of frames under way, less than half of
 * a ring, so that no ring can run full and throughput is what the peer returns. Where nothing
 * arrives for a while the window is given up, and after the third time in a row the peer counts as
 * silent: the probe never hangs.
 */
#include "probe/run.h"

#include <errno.h>

#include <rte_cycles.h>

#include "common/app.h"
#include "pmd/grammar/error.h"
#include "probe/histogram.h"
#include "probe/options.h"
#include "probe/ports.h"
#include "probe/report.h"
#include "probe/traffic.h"
#include "probe/warmup.h"

#define TICKS_PER_SECOND 20      /* how often signals, links and silence are looked at */
#define SILENCE_DIVISOR 2        /* of a second without an arrival: give up what is under way */
#define SILENCES_MAX 3           /* in a row: the peer is silent */
#define RING_SIZE_ASSUMED 256    /* what DPDK's virtio-user ports have by default */
#define INFLIGHT_DEFAULT_MAX 256 /* more only makes the round trip longer */

struct run {
	const struct options *opt;
	struct ports ports;
	struct traffic traffic;
	struct histogram rtt;
	struct row rows[OPTIONS_SIZES_MAX];
	unsigned row_count;
	const char *why_short; /* why the run ended before its time; NULL: it didn't */
	int exit_code;
	uint64_t hz;
	/* of the present phase */
	const char *phase;
	uint64_t next_tick;
	bool over; /* nothing is sent any more */
	unsigned silences;
	uint64_t heard; /* received when last looked at */
};

static void run_end(struct run *r, int exit_code, const char *why)
{
	r->exit_code = exit_code;
	r->why_short = why;
}

/* Wait for the end of an outage, and go on with the phase. */
static void outage_pass(struct run *r)
{
	struct row *row = &r->rows[r->row_count];
	struct outage outage;
	double seconds;
	int rc = warmup_again(&r->ports, &r->traffic, r->opt->wait, &outage);

	if (rc == -ETIMEDOUT)
		run_end(r, CVIO_EXIT_UNAVAILABLE, "an outage had no end");
	if (rc < 0)
		return;
	seconds = (double)(outage.to - outage.from) / 1e9;
	row->outages++;
	row->outage_max = RTE_MAX(row->outage_max, seconds);
	report_outage(&outage, r->opt->json);
}

static void silence_check(struct run *r, uint64_t now)
{
	struct traffic *t = &r->traffic;
	uint64_t heard = traffic_received(t), limit = r->hz / SILENCE_DIVISOR;
	bool go_on = r->opt->outage_ms > 0 && !r->over;

	if (go_on)
		limit = r->hz / 1000 * r->opt->outage_ms;
	if (heard != r->heard)
		r->silences = 0;
	r->heard = heard;
	/* signed: what came in since the caller read the clock is later than now */
	if (traffic_under_way(t) == 0 || (int64_t)(now - t->last_arrival) < (int64_t)limit)
		return;
	if (go_on) {
		outage_pass(r);
		return;
	}
	traffic_give_up(t);
	t->last_arrival = now;
	if (++r->silences == SILENCES_MAX)
		run_end(r, 1, "nothing comes back any more");
}

/* Whether to go on with the phase; looks at little most of the time. */
static bool tick(struct run *r, uint64_t now, uint64_t done, uint64_t whole)
{
	if (now < r->next_tick)
		return true;
	r->next_tick = now + r->hz / TICKS_PER_SECOND;
	silence_check(r, now);
	for (unsigned i = 0; i < r->ports.count; i++) {
		port_poll(&r->ports.port[i]);
		if (!r->ports.port[i].up && r->opt->outage_ms == 0)
			run_end(r, CVIO_EXIT_UNAVAILABLE, "a peer went away");
	}
	if (app_ended)
		run_end(r, 128 + app_ended, "ended by a signal");
	if (!r->opt->json)
		report_progress(
			r->rows[r->row_count].size, r->phase, (unsigned)(done * 100 / whole));
	return r->why_short == NULL;
}

static uint64_t phase_begin(struct run *r, const char *name, struct histogram *rtt)
{
	traffic_begin(&r->traffic, r->rows[r->row_count].size, rtt);
	r->phase = name;
	r->next_tick = 0;
	r->over = false;
	r->silences = 0;
	r->heard = 0;
	return rte_rdtsc();
}

/* Take in what is under way; ends at the first silence. */
static void phase_end(struct run *r, struct phase_result *result, uint64_t start)
{
	uint64_t end = rte_rdtsc();

	r->over = true;
	result->ran = true;
	result->timed = traffic_received(&r->traffic);
	result->seconds = (double)(end - start) / (double)r->hz;
	while (traffic_under_way(&r->traffic) > 0 && tick(r, rte_rdtsc(), 1, 1))
		traffic_receive(&r->traffic);
	traffic_result(&r->traffic, result);
}

static void paced_phase(struct run *r, struct phase_result *result)
{
	struct traffic *t = &r->traffic;
	uint64_t count = r->opt->count, sent = 0, start, now, due;
	/* In 1/256 of a TSC tick, so that high rates are met too. */
	uint64_t gap = (r->hz << 8) / r->opt->rate;
	unsigned turn = 0;

	histogram_init(&r->rtt);
	start = due = now = phase_begin(r, "paced", &r->rtt);
	due <<= 8;
	while (sent < count && tick(r, now, sent, count)) {
		now = rte_rdtsc();
		/* What the peer or the scheduler delayed is made up for by one burst at most. */
		if ((now << 8) > due + TRAFFIC_BURST * gap)
			due = (now << 8) - TRAFFIC_BURST * gap;
		if ((now << 8) >= due) {
			uint64_t want = RTE_MIN(((now << 8) - due) / gap + 1, count - sent);
			struct flow *flow = &t->flows[turn++ % t->flow_count];
			uint32_t n = flow->active ? traffic_send(t, flow, want) : 0;

			sent += n;
			due += n * gap;
		}
		traffic_receive(t);
	}
	phase_end(r, result, start);
}

static void full_phase(struct run *r, struct phase_result *result)
{
	struct traffic *t = &r->traffic;
	uint64_t start = phase_begin(r, "full speed", NULL), now = start;
	uint64_t length = r->hz / 1000 * r->opt->full_ms;

	while (now - start < length && tick(r, now, now - start, length)) {
		for (unsigned i = 0; i < t->flow_count; i++)
			if (t->flows[i].active)
				traffic_send(t, &t->flows[i], TRAFFIC_BURST);
		traffic_receive(t);
		now = rte_rdtsc();
	}
	phase_end(r, result, start);
}

static void rtt_evaluate(const struct run *r, struct rtt_result *rtt)
{
	double us = (double)r->hz / 1e6;

	if (r->rtt.count == 0)
		return;
	rtt->min = (double)r->rtt.min / us;
	rtt->median = (double)histogram_quantile(&r->rtt, 50, 100) / us;
	rtt->p99 = (double)histogram_quantile(&r->rtt, 99, 100) / us;
	rtt->max = (double)r->rtt.max / us;
}

static void measure_rows(struct run *r)
{
	for (unsigned i = 0; i < r->opt->size_count && r->why_short == NULL; i++) {
		struct row *row = &r->rows[r->row_count];

		row->size = r->opt->sizes[i];
		paced_phase(r, &row->paced);
		rtt_evaluate(r, &row->rtt);
		if (r->opt->full_ms > 0 && r->why_short == NULL)
			full_phase(r, &row->full);
		if (!r->opt->json)
			report_row(row);
		if (row_failed(row) && r->exit_code == 0)
			r->exit_code = 1;
		r->row_count++;
	}
}

/* Less than half of the smallest ring, a whole number of bursts where it has room for one. */
static uint32_t inflight_choose(const struct run *r)
{
	uint32_t smallest = UINT16_MAX, size;

	if (r->opt->inflight > 0)
		return r->opt->inflight;
	for (unsigned i = 0; i < r->ports.count; i++) {
		size = port_ring_size(&r->ports.port[i]);
		smallest = RTE_MIN(smallest, size > 0 ? size : RING_SIZE_ASSUMED);
	}
	return RTE_MAX(1U, RTE_MIN(smallest * 3 / 8, (uint32_t)INFLIGHT_DEFAULT_MAX));
}

static uint16_t frame_largest(const struct options *opt)
{
	uint16_t largest = 0;

	for (unsigned i = 0; i < opt->size_count; i++)
		largest = RTE_MAX(largest, opt->sizes[i]);
	return largest;
}

static int measure(struct run *r, struct cvio_error *err)
{
	struct start_times times = {0};
	int rc = ports_open(&r->ports, r->opt->queues, frame_largest(r->opt), err);

	if (rc == 0)
		rc = traffic_init(&r->traffic, &r->ports, err);
	if (rc == 0)
		rc = warmup(&r->ports, &r->traffic, r->opt->wait, &times, err);
	if (rc == -EINTR)
		return 128 + app_ended;
	if (rc < 0)
		return rc;
	if (r->opt->events)
		report_events(&times);
	r->traffic.inflight = inflight_choose(r);
	if (!r->opt->json)
		report_head(&r->ports, r->opt, r->traffic.inflight);
	measure_rows(r);
	if (!r->opt->json)
		report_tail(r->rows, r->row_count, r->why_short);
	else if (report_json(&r->ports, r->opt, r->traffic.inflight, r->rows, r->row_count,
			 r->why_short) < 0)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM, "no memory for the report");
	return r->exit_code;
}

int run_measure(const struct options *opt, struct cvio_error *err)
{
	static struct run r; /* too large for a stack */
	int rc;

	r.opt = opt;
	r.hz = rte_get_tsc_hz();
	rc = measure(&r, err);
	traffic_fini(&r.traffic);
	ports_close(&r.ports);
	return rc;
}
