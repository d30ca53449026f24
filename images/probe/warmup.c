/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A peer that is connected doesn't forward yet: DPDK's l2fwd, for one, waits up to 9 s for links
 * first. Nor are all its queue pairs enabled at once, and its driver may start the device twice. So
 * a few frames go out at a time and are soon given up, until one came back in each flow and the
 * queues have kept still for a moment.
 */
#include "probe/warmup.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "common/app.h"
#include "pmd/grammar/error.h"
#include "probe/frame.h"
#include "probe/ports.h"
#include "probe/report.h"
#include "probe/traffic.h"

#define KNOCK_INFLIGHT 8
#define NAP_US 50
#define MS 1000000ULL /* in nanoseconds, as all times here */

struct warmup {
	struct ports *ports;
	struct traffic *t;
	struct start_times *times;
	uint64_t changed; /* when a peer or a queue last came or went */
	uint64_t given_up;
	uint64_t back; /* when the last of the active flows had got a frame; 0: not yet */
	bool anew;     /* the phase begins: a flow whose queue pair comes has no past */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

static void note(uint64_t *when, bool happened, uint64_t now)
{
	if (*when == 0 && happened)
		*when = now;
}

/* Returns the first port whose peer isn't ready, or NULL. */
static const struct port *poll_ports(struct warmup *w, uint64_t now)
{
	const struct port *absent = NULL;
	bool up = true;

	for (unsigned i = 0; i < w->ports->count; i++) {
		struct port *port = &w->ports->port[i];

		if (port_poll(port))
			w->changed = now;
		up = up && port->up;
		if (absent == NULL && port_queues_used(port) == 0)
			absent = port;
	}
	note(&w->times->link_up, up, now);
	note(&w->times->queue_enabled, absent == NULL, now);
	return absent;
}

/* Returns whether every active flow got something back. */
static bool knock(struct warmup *w, uint64_t now)
{
	struct traffic *t = w->t;
	bool all = true;

	if (now - w->given_up > 10 * MS) {
		traffic_give_up(t);
		w->given_up = now;
	}
	for (unsigned i = 0; i < t->flow_count; i++) {
		struct flow *flow = &t->flows[i];
		bool active = port_queue_used(flow->port, flow->queue);

		if (w->anew && active != flow->active)
			stream_init(&flow->stream);
		flow->active = active;
		if (active)
			traffic_send(t, flow, 1);
	}
	traffic_receive(t);
	for (unsigned i = 0; i < t->flow_count; i++)
		all = all &&
		      (!t->flows[i].active || t->flows[i].stream.received > t->flows[i].heard);
	note(&w->times->first_frame, traffic_received(t) > 0, now);
	return all;
}

/* What is still under way would count as late in the first row: take it in, as long as it keeps
 * coming. */
static void settle(struct traffic *t)
{
	uint64_t before, last = now_ns();

	do {
		before = traffic_received(t);
		traffic_receive(t);
		if (traffic_received(t) != before)
			last = now_ns();
		usleep(NAP_US);
	} while (!app_ended && now_ns() - last < 50 * MS);
}

/* Until all is there, or the time is over, which is no failure yet; returns -EINTR at a signal. */
static int wait_for_all(struct warmup *w, unsigned seconds, const struct port **absent)
{
	uint64_t start = now_ns(), now = start;
	bool told = false;

	w->changed = w->given_up = start;
	for (;; usleep(NAP_US), now = now_ns()) {
		*absent = poll_ports(w, now);
		if (*absent == NULL && (w->t == NULL || knock(w, now)))
			note(&w->back, true, now);
		else
			w->back = 0;
		if (app_ended)
			return -EINTR;
		if (w->back != 0 && now - w->changed > 50 * MS)
			return 0;
		if (now - start >= seconds * 1000 * MS)
			return 0;
		if (!told && w->anew && now - start > 200 * MS) {
			fprintf(stderr, "probe: waiting for %s%s\n",
				*absent ? "the peer of " : "frames to come back",
				*absent ? (*absent)->name : "");
			told = true;
		}
	}
}

int warmup(struct ports *ports, struct traffic *t, unsigned seconds, struct start_times *times,
	struct cvio_error *err)
{
	struct warmup w = {.ports = ports, .t = t, .times = times, .anew = true};
	const struct port *absent;
	int rc;

	if (t != NULL) {
		t->inflight = KNOCK_INFLIGHT;
		traffic_begin(t, FRAME_SIZE_MIN, NULL);
	}
	rc = wait_for_all(&w, seconds, &absent);
	if (rc < 0)
		return rc;
	if (absent != NULL)
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ETIMEDOUT,
			"port %u (%s): no peer enabled a queue pair within %u s; is it running?",
			absent->id, absent->name, seconds);
	if (t != NULL && w.back != 0)
		settle(t);
	return 0;
}

int warmup_again(struct ports *ports, struct traffic *t, unsigned seconds, struct outage *outage)
{
	struct start_times times = {0};
	struct warmup w = {.ports = ports, .t = t, .times = &times};
	uint64_t silent = rte_rdtsc() - t->last_arrival;
	uint32_t inflight = t->inflight;
	const struct port *absent;
	int rc;

	outage->from = now_ns() - (uint64_t)((double)silent / (double)rte_get_tsc_hz() * 1e9);
	outage->received = traffic_received(t);
	traffic_give_up(t);
	for (unsigned i = 0; i < t->flow_count; i++)
		t->flows[i].heard = t->flows[i].stream.received;
	t->inflight = KNOCK_INFLIGHT;
	rc = wait_for_all(&w, seconds, &absent);
	t->inflight = inflight;
	outage->to = w.back;
	if (rc == 0 && w.back == 0)
		rc = -ETIMEDOUT;
	return rc;
}
