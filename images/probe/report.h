/* SPDX-License-Identifier: BSD-3-Clause */
/* What the probe prints: a table for people, JSON for programs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "probe/options.h"

struct ports;

/* What one phase of one frame size came to. */
struct phase_result {
	bool ran;
	uint64_t sent;
	uint64_t received; /* each frame once, good ones only */
	uint64_t lost;     /* sent and not received, damaged ones among them */
	uint64_t reordered;
	uint64_t damaged;
	uint64_t duplicated;
	uint64_t late;    /* of an earlier phase, or too late to tell whether it was counted */
	uint64_t foreign; /* not ours, or back at a port where it doesn't belong */
	uint64_t timed;   /* received within seconds */
	double seconds;   /* from the first frame to the end of sending */
};

/* Round-trip times in microseconds. */
struct rtt_result {
	double min, median, p99, max;
};

struct row {
	uint16_t size; /* bytes, FCS counted */
	struct phase_result paced;
	struct rtt_result rtt; /* of the paced phase */
	struct phase_result full;
	unsigned outages;
	double outage_max; /* seconds */
};

/* A time without frames, CLOCK_MONOTONIC in nanoseconds: from the last one on, until one had come
 * back in every flow. */
struct outage {
	uint64_t from, to;
	uint64_t received; /* frames of the phase before it */
};

/* What a reflector did on one queue. */
struct echo_count {
	uint64_t received, returned, dropped;
};

/* CLOCK_MONOTONIC in nanoseconds; 0: has not happened. */
struct start_times {
	uint64_t link_up, queue_enabled, first_frame;
};

/* Frames a second that came back, and their bits with FCS, without preamble and gap. */
double phase_mpps(const struct phase_result *r);
double phase_gbps(const struct phase_result *r, uint16_t size);

/** Whether the row shows a fault: see the usage. */
bool row_failed(const struct row *row);

/** One line of JSON on stdout with the times of the start-up. */
void report_events(const struct start_times *times);

/** One line on stdout, at once. */
void report_outage(const struct outage *outage, bool json);

/** Above the table: the ports, their queues, and how frames are sent. */
void report_head(const struct ports *ports, const struct options *opt, uint32_t inflight);

/** One line of the table. */
void report_row(const struct row *row);

/** On a terminal: what is being done now, on a line that the next report_row() overwrites. */
void report_progress(uint16_t size, const char *phase, unsigned percent);

/** Below the table: what it shows. */
void report_tail(const struct row *rows, unsigned count, const char *why_short);

/** The whole as one JSON object; why_short as above. 0, or -ENOMEM. */
int report_json(const struct ports *ports, const struct options *opt, uint32_t inflight,
	const struct row *rows, unsigned count, const char *why_short);

/**
 * What a reflector did, all ports and queues: the queues of a port follow PORTS_QUEUES_MAX apart.
 */
int report_echo(const struct ports *ports, const struct echo_count *counts, bool json);
