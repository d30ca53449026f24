/* SPDX-License-Identifier: BSD-3-Clause */
/* The gateway's ports: one or two fast ones, and as the last one the kernel's. */
#pragma once

#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_mempool.h>
#include <rte_spinlock.h>

struct cvio_error;
struct options;

#define PORTS_MAX 3
#define PORT_QUEUES_MAX 16

struct port {
	uint16_t id;
	uint16_t queues;                      /* pairs */
	uint64_t tx_offloads;                 /* that are on: RTE_ETH_TX_OFFLOAD_* */
	rte_spinlock_t lock[PORT_QUEUES_MAX]; /* of its transmit queues: lcores share them */
};

struct ports {
	struct port port[PORTS_MAX];
	unsigned count;
	struct rte_mempool *pool;     /* of what is received, and of headers of segments */
	struct rte_mempool *payloads; /* mbufs without a buffer, for what segments carry */
};

/**
 * Configure and start all ports, with what their drivers offer to take over.
 *
 * @param err  on failure: CVIO_EXIT_CONFIG (too few ports, or too many), CVIO_EXIT_MEMORY,
 * CVIO_EXIT_SOFTWARE
 * @return     0 or a negative errno; then ports_close() is still to be called
 */
int ports_open(struct ports *ports, const struct options *opt, struct cvio_error *err);

/** Stop and close all ports. */
void ports_close(struct ports *ports);
