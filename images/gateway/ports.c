/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checksums and large frames are left to the other side of a port wherever its driver can: between
 * the kernel and a NIC they are then made once, by the NIC. What a port doesn't take, segment.c
 * makes.
 */
#include "gateway/ports.h"

#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_lcore.h>

#include "gateway/options.h"
#include "pmd/grammar/error.h"

#define RX_OFFLOADS \
	(RTE_ETH_RX_OFFLOAD_TCP_LRO | RTE_ETH_RX_OFFLOAD_TCP_CKSUM | RTE_ETH_RX_OFFLOAD_UDP_CKSUM)
#define TX_OFFLOADS                                                  \
	(RTE_ETH_TX_OFFLOAD_TCP_TSO | RTE_ETH_TX_OFFLOAD_TCP_CKSUM | \
		RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_IPV4_CKSUM)
#define POOL_CACHE 256
#define SPARE 2048 /* mbufs, for what is between the queues: segments of some large frames */
#define DESCRIPTORS 1024

static int fail(const struct port *port, int rc, struct cvio_error *err, const char *what)
{
	return cvio_error_set(
		err, CVIO_EXIT_SOFTWARE, rc, "port %u: %s: %s", port->id, what, rte_strerror(-rc));
}

static bool is_tap(const struct rte_eth_dev_info *info)
{
	return strcmp(info->driver_name, "net_tap") == 0;
}

static uint16_t usable_queues(const struct rte_eth_dev_info *info)
{
	uint16_t queues = RTE_MIN(info->max_rx_queues, info->max_tx_queues);

	/* these have as many as they were given; a NIC would have them for nothing */
	if (strcmp(info->driver_name, "net_virtio_user") != 0 && !is_tap(info))
		queues = RTE_MIN(queues, rte_lcore_count());
	return RTE_MIN(queues, PORT_QUEUES_MAX);
}

static int port_configure(struct port *port, const struct options *opt, uint16_t *rx, uint16_t *tx,
	struct cvio_error *err)
{
	struct rte_eth_conf conf = {0};
	struct rte_eth_dev_info info;
	int rc = rte_eth_dev_info_get(port->id, &info);

	if (rc < 0)
		return fail(port, rc, err, "its driver doesn't describe it");
	port->queues = usable_queues(&info);
	conf.rxmode.mtu = opt->mtu;
	conf.rxmode.offloads = info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
	conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	if (!opt->no_offloads) {
		/* net_tap checks each sum itself, and what the kernel sends is right */
		conf.rxmode.offloads |= is_tap(&info) ? 0 : info.rx_offload_capa & RX_OFFLOADS;
		conf.txmode.offloads |= info.tx_offload_capa & TX_OFFLOADS;
	}
	if (port->queues > 1 && info.flow_type_rss_offloads != 0) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf =
			info.flow_type_rss_offloads &
			(RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP);
	}
	port->tx_offloads = conf.txmode.offloads;
	rc = rte_eth_dev_configure(port->id, port->queues, port->queues, &conf);
	if (rc < 0)
		return fail(
			port, rc, err, "it can't be configured; try --no-offloads, or no --mtu");
	rc = rte_eth_dev_adjust_nb_rx_tx_desc(port->id, rx, tx);
	return rc < 0 ? fail(port, rc, err, "its rings' size") : 0;
}

static int port_start(struct port *port, uint16_t rx, uint16_t tx, struct rte_mempool *pool,
	struct cvio_error *err)
{
	int rc = 0;

	for (uint16_t q = 0; rc == 0 && q < port->queues; q++) {
		rte_spinlock_init(&port->lock[q]);
		rc = rte_eth_rx_queue_setup(port->id, q, rx, SOCKET_ID_ANY, NULL, pool);
		if (rc == 0)
			rc = rte_eth_tx_queue_setup(port->id, q, tx, SOCKET_ID_ANY, NULL);
	}
	if (rc == 0)
		rc = rte_eth_dev_start(port->id);
	if (rc < 0)
		return fail(port, rc, err, "it can't be started");
	/* the kernel's address is the other port's: whatever comes is to be handed on */
	rc = rte_eth_promiscuous_enable(port->id);
	return rc < 0 && rc != -ENOTSUP ? fail(port, rc, err, "it can't be made promiscuous") : 0;
}

static int pools_create(struct ports *ports, unsigned count, struct cvio_error *err)
{
	ports->pool = rte_pktmbuf_pool_create(
		"gateway", count, POOL_CACHE, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	ports->payloads =
		rte_pktmbuf_pool_create("payloads", count, POOL_CACHE, 0, 0, SOCKET_ID_ANY);
	if (ports->pool != NULL && ports->payloads != NULL)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM,
		"no memory for %u buffers of %d bytes: %s; give it more, or ports with fewer "
		"queues",
		count, RTE_MBUF_DEFAULT_BUF_SIZE, rte_strerror(rte_errno));
}

int ports_open(struct ports *ports, const struct options *opt, struct cvio_error *err)
{
	uint16_t rx[PORTS_MAX], tx[PORTS_MAX], id;
	unsigned buffers = SPARE + rte_lcore_count() * 2 * POOL_CACHE;
	int rc = 0;

	memset(ports, 0, sizeof(*ports));
	if (rte_eth_dev_count_avail() < 2 || rte_eth_dev_count_avail() > PORTS_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"there are %u ports: a fast one, or two, and the kernel's are wanted in "
			"CVIO_PORTS, as in vhost-user:/run/p0.sock vhost-kernel:kni0",
			rte_eth_dev_count_avail());
	RTE_ETH_FOREACH_DEV (id) {
		unsigned i = ports->count++;

		rx[i] = tx[i] = DESCRIPTORS;
		ports->port[i].id = id;
		rc = port_configure(&ports->port[i], opt, &rx[i], &tx[i], err);
		if (rc < 0)
			return rc;
		buffers += ports->port[i].queues * (rx[i] + tx[i]);
	}
	rc = pools_create(ports, buffers, err);
	for (unsigned i = 0; rc == 0 && i < ports->count; i++)
		rc = port_start(&ports->port[i], rx[i], tx[i], ports->pool, err);
	return rc;
}

void ports_close(struct ports *ports)
{
	for (unsigned i = 0; i < ports->count; i++) {
		(void)rte_eth_dev_stop(ports->port[i].id);
		(void)rte_eth_dev_close(ports->port[i].id);
	}
	rte_mempool_free(ports->pool);
	rte_mempool_free(ports->payloads);
}
