/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The switch's ports: vhost-user backends (net_vhost), whose frontends come and go. A port is up
 * while its frontend is connected and has a queue to send to.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_mempool.h>
#include <rte_spinlock.h>

struct cvio_error;
struct table;

#define PORTS_MAX 32 /* those of the image contract; a set of ports is 32 bits */
#define PORT_QUEUES_MAX 128

/* What came in is counted by the one lcore that receives there. */
struct port_received {
	uint64_t frames, bytes;
	uint64_t flooded;  /* sent to all other ports */
	uint64_t filtered; /* not forwarded at all: docs/switch.md says when */
	uint64_t learned, moved;
} __rte_cache_aligned;

/* What goes out is counted by whoever holds the port's lock. */
struct port_sent {
	rte_spinlock_t lock;
	uint64_t frames, bytes;
	uint64_t dropped; /* the frontend had no room */
} __rte_cache_aligned;

struct port {
	uint16_t id;
	uint16_t queues;      /* queue pairs: received on */
	uint16_t send_queues; /* so many the frontend has enabled; changed by vhost's thread */
	char path[108];       /* its socket */
	struct port_received received;
	struct port_sent sent;
};

struct ports {
	struct port port[PORTS_MAX];
	unsigned count;
	uint32_t up; /* set of those that are up; changed by vhost's thread */
	struct table *table;
	struct rte_mempool *pool;
};

/**
 * Configure and start all ports. From now on vhost's thread notes who comes and goes: as a port
 * comes or goes, its addresses are forgotten.
 *
 * @param ports  must stay where it is until ports_close()
 * @param table  borrowed until ports_close()
 * @param err    on failure: CVIO_EXIT_CONFIG (no port, or of another kind), CVIO_EXIT_MEMORY,
 * CVIO_EXIT_SOFTWARE
 * @return       0 or a negative errno; then ports_close() is still to be called
 */
int ports_open(struct ports *ports, struct table *table, struct cvio_error *err);

/** Stop and close all ports; the counters stay. */
void ports_close(struct ports *ports);

/** The set of ports that are up. */
uint32_t ports_up(const struct ports *ports);

/** How many queues can be sent to; 0 as long as the port isn't up. */
uint16_t port_send_queues(const struct port *port);
