/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a container tells about itself through DPDK's telemetry socket, which the launcher finds in
 * the container's folder (state.h). The other side is the container: it may answer anything, late,
 * or not at all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cvio_error;
struct json_t;
struct words;

#define TELEMETRY_PORTS 32     /* that an image has at most */
#define TELEMETRY_TEXT 128     /* of a string in an answer, as DPDK has it */
#define TELEMETRY_TIMEOUT 1000 /* ms, for all answers of a container */

enum telemetry_state {
	TELEMETRY_OK,
	TELEMETRY_STARTING, /* it has no socket yet: it waits for its backends */
	TELEMETRY_SILENT,   /* it takes the connection or not, and doesn't answer in time */
	TELEMETRY_WRONG,    /* what it answers is no answer */
	TELEMETRY_GONE,     /* it has ended */
};

struct port_figures {
	unsigned int id; /* DPDK's number */
	int index;       /* its place in CVIO_PORTS; -1: a port of the application's own */
	char kind[16];   /* as in the port grammar, or "other" */
	char path[TELEMETRY_TEXT];
	char mac[18];
	bool up;
	bool has_layout; /* the next nine are known */
	bool packed, in_order, mergeable, vectorized_rx, vectorized_tx;
	bool rx_checksum, rx_lro, tx_checksum, tx_tso; /* left to the other side */
	unsigned int queues, queues_max;               /* in use; 0: not known */
	uint64_t rx_packets, rx_bytes, rx_errors, rx_missed, rx_no_mbuf;
	uint64_t tx_packets, tx_bytes, tx_errors;
	bool has_polls;
	uint64_t polls, empty_polls; /* since they are counted */
};

struct container_figures {
	char run_id[64];
	char name[TELEMETRY_TEXT];
	char image[256];
	enum telemetry_state state;
	pid_t pid;          /* on the host */
	double cpu_seconds; /* that its process has used */
	int64_t time_ns;    /* CLOCK_MONOTONIC, of the first figure */
	size_t port_count;
	struct port_figures ports[TELEMETRY_PORTS];
};

struct figures {
	struct container_figures *list; /* owned; by name */
	size_t count;
};

/**
 * Take the value out of an answer, {"COMMAND":VALUE}.
 *
 * @param command  what was asked, with its parameters behind a comma
 * @return         a new reference, or NULL: it is no answer to that
 */
struct json_t *telemetry_answer(const char *text, size_t len, const char *command);

/** Read the answer to /cvio/port,ID, /ethdev/stats,ID or /cvio/polls,ID; what is missing or not of
 * its type stays as it is. Texts lose their control characters: they are shown on a terminal. */
void telemetry_read_port(const struct json_t *answer, struct port_figures *port);
void telemetry_read_stats(const struct json_t *answer, struct port_figures *port);
void telemetry_read_polls(const struct json_t *answer, struct port_figures *port);

/** Read the answer to /ethdev/list; -EINVAL if it isn't that. */
int telemetry_read_list(const struct json_t *answer, struct container_figures *c);

/** Read container.json; -EINVAL if it isn't that. */
int telemetry_read_description(const char *text, size_t len, struct container_figures *c);

/** The CPU time in a /proc/PID/stat, in clock ticks; -EINVAL if it isn't that. */
int64_t telemetry_cpu_ticks(const char *text);

/**
 * Ask one container.
 *
 * @param folder  an open folder that has the socket; borrowed
 * @param polls   count polls as well, which costs the container a little for some seconds
 * @param c       filled in; its state says what came of it
 */
void telemetry_ask(int folder, bool polls, struct container_figures *c);

/**
 * Ask all containers that run, at once: one that hangs holds nobody up beyond TELEMETRY_TIMEOUT.
 *
 * @param names  only those of these names or run IDs; empty: all
 * @param err    CVIO_EXIT_CONFIG: there is no container of one of the names
 * @return       0 or a negative errno
 */
int figures_collect(
	const struct words *names, bool polls, struct figures *figures, struct cvio_error *err);

void figures_fini(struct figures *figures);

/** Frames that a port lost, as far as DPDK counts them. */
uint64_t port_rx_drops(const struct port_figures *port);
uint64_t port_tx_drops(const struct port_figures *port);

/** "packed imv": the ring's layout and a letter for each of in-order, mergeable and vectorized. */
void port_ring_format(const struct port_figures *port, char buf[static 16]);

/** "rx csum,lro tx csum,tso": the offloads that were negotiated; "-" without one. */
void port_offloads_format(const struct port_figures *port, char buf[static 32]);

/** What a state means, for a user; NULL for TELEMETRY_OK. */
const char *telemetry_state_text(enum telemetry_state state);

#define _figures_cleanup_ __attribute__((cleanup(figures_fini)))
