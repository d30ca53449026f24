/* SPDX-License-Identifier: BSD-3-Clause */
/* What our own applications do with DPDK alike. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include <rte_ethdev.h>
#include <rte_mempool.h>

struct cvio_error;

/** Start EAL with the whole command line. Returns 0, or a negative errno with err filled in. */
int app_eal_init(int argc, char **argv, struct cvio_error *err);

/**
 * Configure and start a port, with the driver's own size of rings and no offload.
 *
 * @param name    for messages
 * @param queues  queue pairs
 * @param pool    borrowed, for what is received, until the port is closed
 * @param err     on failure: CVIO_EXIT_SOFTWARE
 * @return        0 or a negative errno
 */
int app_port_start(uint16_t id, const char *name, uint16_t queues, struct rte_mempool *pool,
	struct cvio_error *err);

/* Set by signals: SIGINT and SIGTERM; SIGUSR1, which asks for the counters and is set back by who
 * prints them. */
extern volatile sig_atomic_t app_ended, app_report;

struct app {
	const char *name; /* for messages */
	/* The application's own words, before EAL starts, so that a wrong one is told at once. */
	int (*parse)(int argc, char **argv, bool *help, struct cvio_error *err);
	void (*help)(FILE *out);
	/* Returns when app_ended is set: 0, or a negative errno with err filled in. */
	int (*run)(struct cvio_error *err);
};

/** The whole of a main() that runs until a signal ends it; returns the exit status. */
int app_main(int argc, char **argv, const struct app *app);
