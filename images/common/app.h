/* SPDX-License-Identifier: BSD-3-Clause */
/* What our own applications do alike. main() is main.c's; an application has its struct app. */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include <rte_ethdev.h>
#include <rte_mempool.h>

#include "common/options.h"

struct cvio_error;

struct app {
	const char *name; /* for messages */
	/* Parsed before EAL starts, so that a wrong one is told at once, not after a wait. */
	const struct app_options *options;
	struct options *opt; /* filled in before app_run() */
	bool counts;         /* SIGUSR1 asks for its counters */
};

/* Each application defines both: itself, and what it does with EAL up until app_ended is set. That
 * returns the exit status, or a negative errno with err filled in. */
extern const struct app app;
int app_run(struct cvio_error *err);

/* Set by signals: SIGINT or SIGTERM, 0 before one came; SIGUSR1, to be set back by who prints the
 * counters. */
extern volatile sig_atomic_t app_ended, app_report;

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
