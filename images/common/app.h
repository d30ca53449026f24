/* SPDX-License-Identifier: BSD-3-Clause */
/* What our own applications do with DPDK alike. */
#pragma once

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
