/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The probe's ports: all the ethdevs that EAL and the runtime brought up. A port is a vhost-user
 * backend (net_vhost), of whose queue pairs the frontend enables as many as it likes and when it
 * likes, or any other device, whose queue pairs are all enabled once it is started.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_mempool.h>

struct cvio_error;

#define PORTS_QUEUES_MAX 128 /* queue pairs: VHOST_MAX_QUEUE_PAIRS of DPDK's vhost library */

struct port {
	uint16_t id;
	bool backend;         /* a vhost-user backend */
	bool up;              /* the peer is there, as of the last port_poll() */
	uint16_t queues_have; /* queue pairs of the device */
	uint16_t queues;      /* queue pairs configured: received on */
	uint16_t queues_use;  /* queue pairs at most to send on */
	bool rx_enabled[PORTS_QUEUES_MAX];
	bool tx_enabled[PORTS_QUEUES_MAX];
	struct rte_ether_addr mac;
	char name[RTE_ETH_NAME_MAX_LEN];
	char driver[32];
};

struct ports {
	struct port port[RTE_MAX_ETHPORTS];
	unsigned count;
	struct rte_mempool
		*tx_pool; /* only for what the probe sends: its buffers are filled beforehand */
	struct rte_mempool *rx_pool;
};

/**
 * Configure and start all ports.
 *
 * @param queues  queue pairs to use of each, or 0 for all
 * @param frame   bytes of the largest frame that is to fit one buffer; 0: the usual ones do
 * @param err     on failure: CVIO_EXIT_CONFIG (no port, too few queues), CVIO_EXIT_MEMORY,
 * CVIO_EXIT_SOFTWARE
 * @return        0 or a negative errno; then ports_close() is still to be called
 */
int ports_open(struct ports *ports, uint16_t queues, uint16_t frame, struct cvio_error *err);

/** Stop and close all ports, and free the pools. */
void ports_close(struct ports *ports);

/**
 * Look whether the peer is there and which queue pairs it enabled.
 *
 * @return whether anything changed since the last call
 */
bool port_poll(struct port *port);

/** Whether the probe is to send on this queue pair, as of the last port_poll(). */
bool port_queue_used(const struct port *port, uint16_t queue);

/** How many queue pairs the probe is to send on, as of the last port_poll(). */
uint16_t port_queues_used(const struct port *port);

/** Descriptors of the smallest ring in use, or 0 if the device doesn't tell. */
uint16_t port_ring_size(const struct port *port);
