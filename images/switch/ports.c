/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver calls back on vhost's thread: when a frontend has connected or is gone, after nothing
 * is received of it any more, and when it enabled a queue. A frontend enables its queues one by
 * one, so a port is up once its first one is.
 *
 * No offload is asked for. So the driver completes the checksum of a frame that its sender left to
 * the device, since the receiver may not be able to; and it doesn't offer segmentation.
 */
#include "switch/ports.h"

#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_eth_vhost.h>
#include <rte_mbuf.h>

#include "common/app.h"
#include "pmd/grammar/error.h"
#include "switch/forward.h"
#include "switch/table.h"

/*
 * Nothing keeps a buffer: the driver copies out of the sender's ring and into the receivers'. What
 * is in use at a time is a burst on each lcore, of frames of up to 64 KiB.
 */
#define POOL_CACHE 256
#define POOL_FRAME_MAX 65535
#define POOL_SEGMENTS (POOL_FRAME_MAX / RTE_MBUF_DEFAULT_DATAROOM + 1)

_Static_assert(PORTS_MAX >= RTE_MAX_ETHPORTS, "every port has a place");
_Static_assert(PORTS_MAX <= TABLE_PORTS, "every port can have addresses");

static struct port *port_by_id(struct ports *ports, uint16_t id)
{
	for (unsigned i = 0; i < ports->count; i++)
		if (ports->port[i].id == id)
			return &ports->port[i];
	return NULL;
}

/* The socket's path, out of what the device was made with. */
static void port_path(struct port *port, const struct rte_eth_dev_info *info)
{
	static const char key[] = "iface=";
	const struct rte_devargs *devargs = rte_dev_devargs(info->device);
	const char *at = devargs && devargs->args ? strstr(devargs->args, key) : NULL;

	if (at == NULL)
		return;
	at += sizeof(key) - 1;
	snprintf(port->path, sizeof(port->path), "%.*s", (int)strcspn(at, ","), at);
}

static int port_describe(struct port *port, struct cvio_error *err)
{
	struct rte_eth_dev_info info;
	int rc = rte_eth_dev_info_get(port->id, &info);

	if (rc < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, rc,
			"port %u: the driver doesn't describe it: %s", port->id, rte_strerror(-rc));
	if (strcmp(info.driver_name, "net_vhost") != 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %u (%s): the switch is its containers' backend: write "
			"vhost-backend:PATH",
			port->id, info.driver_name);
	port_path(port, &info);
	port->queues = RTE_MIN(RTE_MIN(info.max_rx_queues, info.max_tx_queues), PORT_QUEUES_MAX);
	rte_spinlock_init(&port->sent.lock);
	return 0;
}

/* Enabled queues are sent to from the first one on, as long as there is no gap. */
static void port_queues_update(struct port *port, bool *enabled)
{
	struct rte_eth_vhost_queue_event event;
	uint16_t n = 0;

	while (rte_eth_vhost_get_queue_event(port->id, &event) == 0)
		if (!event.rx && event.queue_id < port->queues)
			enabled[event.queue_id] = event.enable;
	while (n < port->queues && enabled[n])
		n++;
	__atomic_store_n(&port->send_queues, n, __ATOMIC_RELAXED);
}

static int on_change(uint16_t id, enum rte_eth_event_type type, void *arg, void *ret)
{
	static bool enabled[PORTS_MAX][PORT_QUEUES_MAX]; /* vhost's thread alone comes here */
	struct ports *ports = arg;
	struct port *port = port_by_id(ports, id);
	struct rte_eth_link link = {.link_status = RTE_ETH_LINK_DOWN};
	unsigned index;

	(void)ret;
	if (port == NULL)
		return 0;
	index = (unsigned)(port - ports->port);
	rte_eth_link_get_nowait(id, &link);
	if (type == RTE_ETH_EVENT_INTR_LSC) {
		table_forget(ports->table, index);
		if (link.link_status == RTE_ETH_LINK_DOWN)
			memset(enabled[index], 0, sizeof(enabled[index]));
	}
	port_queues_update(port, enabled[index]);
	if (link.link_status == RTE_ETH_LINK_UP && port->send_queues > 0)
		__atomic_or_fetch(&ports->up, UINT32_C(1) << index, __ATOMIC_RELEASE);
	else
		__atomic_and_fetch(&ports->up, ~(UINT32_C(1) << index), __ATOMIC_RELEASE);
	return 0;
}

static int port_start(struct ports *ports, struct port *port, struct cvio_error *err)
{
	int rc;

	/* configuring makes the socket: a frontend may come at once */
	rc = rte_eth_dev_callback_register(port->id, RTE_ETH_EVENT_INTR_LSC, on_change, ports);
	if (rc == 0)
		rc = rte_eth_dev_callback_register(
			port->id, RTE_ETH_EVENT_QUEUE_STATE, on_change, ports);
	if (rc < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, rc,
			"port %u (%s): its changes can't be followed: %s", port->id, port->path,
			rte_strerror(-rc));
	return app_port_start(port->id, port->path, port->queues, ports->pool, err);
}

static int pool_create(struct ports *ports, struct cvio_error *err)
{
	unsigned count = rte_lcore_count() * (FORWARD_BURST * POOL_SEGMENTS + 2 * POOL_CACHE);

	ports->pool = rte_pktmbuf_pool_create(
		"switch", count, POOL_CACHE, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (ports->pool != NULL)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
		"no memory for %u buffers of %d bytes: %s; give it more, or fewer lcores", count,
		RTE_MBUF_DEFAULT_BUF_SIZE, rte_strerror(rte_errno));
}

int ports_open(struct ports *ports, struct table *table, struct cvio_error *err)
{
	uint16_t id;
	int rc = 0;

	memset(ports, 0, sizeof(*ports));
	ports->table = table;
	RTE_ETH_FOREACH_DEV (id) {
		ports->port[ports->count].id = id;
		rc = port_describe(&ports->port[ports->count++], err);
		if (rc < 0)
			return rc;
	}
	if (ports->count == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENODEV,
			"there is no port; name some in CVIO_PORTS, as in "
			"vhost-backend:/run/p0.sock");
	rc = pool_create(ports, err);
	for (unsigned i = 0; rc == 0 && i < ports->count; i++)
		rc = port_start(ports, &ports->port[i], err);
	return rc;
}

void ports_close(struct ports *ports)
{
	for (unsigned i = 0; i < ports->count; i++) {
		uint16_t id = ports->port[i].id;

		rte_eth_dev_callback_unregister(id, RTE_ETH_EVENT_INTR_LSC, on_change, ports);
		rte_eth_dev_callback_unregister(id, RTE_ETH_EVENT_QUEUE_STATE, on_change, ports);
		(void)rte_eth_dev_stop(id);
		(void)rte_eth_dev_close(id);
	}
	rte_mempool_free(ports->pool);
	ports->pool = NULL;
}

uint32_t ports_up(const struct ports *ports)
{
	return __atomic_load_n(&ports->up, __ATOMIC_ACQUIRE);
}

uint16_t port_send_queues(const struct port *port)
{
	return __atomic_load_n(&port->send_queues, __ATOMIC_RELAXED);
}
