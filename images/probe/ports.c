/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bring the ports up, and ask a vhost-user backend port what its frontend did.
 *
 * The driver keeps for each vring whether it is enabled and whether that was told, so
 * rte_eth_vhost_get_queue_event() can be polled without a callback: nothing here runs on another
 * thread. The driver calls a vring by what it is to this side: an event with rx set is about the
 * vring that the frontend sends on.
 */
#include "probe/ports.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_eth_vhost.h>
#include <rte_mbuf.h>

#include "common/app.h"
#include "pmd/grammar/error.h"

/* Descriptors a ring has at most when the driver is asked for its default: ethdev's own fallback
 * value. */
#define RING_DEFAULT_MAX 512

/* Buffers beside those in rings: a window of the largest kind both ways, and what the pool's cache
 * keeps. */
#define POOL_SPARE 1023
#define POOL_CACHE 256

static int port_describe(struct port *port, uint16_t queues, struct cvio_error *err)
{
	struct rte_eth_dev_info info;
	int rc = rte_eth_dev_info_get(port->id, &info);

	if (rc == 0)
		rc = rte_eth_dev_get_name_by_port(port->id, port->name);
	if (rc == 0)
		rc = rte_eth_macaddr_get(port->id, &port->mac);
	if (rc < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, rc,
			"port %u: the driver doesn't describe it: %s", port->id, rte_strerror(-rc));
	snprintf(port->driver, sizeof(port->driver), "%s", info.driver_name);
	port->backend = strcmp(info.driver_name, "net_vhost") == 0;
	port->queues_have = RTE_MIN(info.max_rx_queues, info.max_tx_queues);
	port->queues_have = RTE_MIN(port->queues_have, PORTS_QUEUES_MAX);
	if (queues > port->queues_have)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--queues: port %u (%s) has %u queue pairs, not %u", port->id, port->name,
			port->queues_have, queues);
	port->queues_use = queues > 0 ? queues : port->queues_have;
	/* A frontend may send on queue pairs that we don't. */
	port->queues = port->backend ? port->queues_have : port->queues_use;
	return 0;
}

static int pools_create(struct ports *ports, uint16_t frame, struct cvio_error *err)
{
	unsigned count = POOL_SPARE;
	uint16_t size = RTE_MAX(frame, RTE_MBUF_DEFAULT_DATAROOM) + RTE_PKTMBUF_HEADROOM;

	for (unsigned i = 0; i < ports->count; i++)
		if (!ports->port[i].backend)
			count += ports->port[i].queues * RING_DEFAULT_MAX;
	ports->tx_pool =
		rte_pktmbuf_pool_create("probe-tx", count, POOL_CACHE, 0, size, SOCKET_ID_ANY);
	if (ports->tx_pool != NULL)
		ports->rx_pool = rte_pktmbuf_pool_create(
			"probe-rx", count, POOL_CACHE, 0, size, SOCKET_ID_ANY);
	if (ports->rx_pool == NULL)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
			"no memory for twice %u buffers of %d bytes: %s; give it more, or use "
			"fewer queues or smaller frames",
			count, size, rte_strerror(rte_errno));
	return 0;
}

int ports_open(struct ports *ports, uint16_t queues, uint16_t frame, struct cvio_error *err)
{
	uint16_t id;
	int rc;

	memset(ports, 0, sizeof(*ports));
	RTE_ETH_FOREACH_DEV (id) {
		ports->port[ports->count].id = id;
		rc = port_describe(&ports->port[ports->count++], queues, err);
		if (rc < 0)
			return rc;
	}
	if (ports->count == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENODEV,
			"there is no port; name one in CVIO_PORTS, as in "
			"vhost-backend:/run/p0.sock");
	rc = pools_create(ports, frame, err);
	for (unsigned i = 0; rc == 0 && i < ports->count; i++) {
		const struct port *port = &ports->port[i];

		rc = app_port_start(port->id, port->name, port->queues, ports->rx_pool, err);
		if (rc == 0) /* where the driver can't, frames come anyway */
			rte_eth_promiscuous_enable(port->id);
	}
	return rc;
}

void ports_close(struct ports *ports)
{
	for (unsigned i = 0; i < ports->count; i++) {
		(void)rte_eth_dev_stop(ports->port[i].id);
		(void)rte_eth_dev_close(ports->port[i].id);
	}
	ports->count = 0;
	rte_mempool_free(ports->tx_pool);
	rte_mempool_free(ports->rx_pool);
	ports->tx_pool = ports->rx_pool = NULL;
}

static bool queue_events_take(struct port *port)
{
	struct rte_eth_vhost_queue_event event;
	bool changed = false;

	while (rte_eth_vhost_get_queue_event(port->id, &event) == 0) {
		if (event.queue_id >= port->queues)
			continue;
		if (event.rx)
			port->rx_enabled[event.queue_id] = event.enable;
		else
			port->tx_enabled[event.queue_id] = event.enable;
		changed = true;
	}
	return changed;
}

bool port_poll(struct port *port)
{
	struct rte_eth_link link;
	bool up = rte_eth_link_get_nowait(port->id, &link) == 0 && link.link_status != 0;
	bool changed = up != port->up;

	port->up = up;
	if (changed) {
		memset(port->rx_enabled, up && !port->backend, sizeof(port->rx_enabled));
		memset(port->tx_enabled, up && !port->backend, sizeof(port->tx_enabled));
	}
	if (up && port->backend)
		changed |= queue_events_take(port);
	return changed;
}

bool port_queue_used(const struct port *port, uint16_t queue)
{
	return port->up && queue < port->queues_use && port->rx_enabled[queue] &&
	       port->tx_enabled[queue];
}

uint16_t port_queues_used(const struct port *port)
{
	uint16_t used = 0;

	for (uint16_t q = 0; q < port->queues; q++)
		used += port_queue_used(port, q);
	return used;
}

uint16_t port_ring_size(const struct port *port)
{
	struct rte_vhost_vring vring;
	uint16_t smallest = 0;
	int vid = port->backend ? rte_eth_vhost_get_vid_from_port_id(port->id) : -1;

	if (vid < 0)
		return 0;
	for (uint16_t v = 0; v < 2 * port->queues; v++) {
		if (!port_queue_used(port, v / 2) || rte_vhost_get_vhost_vring(vid, v, &vring) < 0)
			continue;
		if (smallest == 0 || vring.size < smallest)
			smallest = vring.size;
	}
	return smallest;
}
