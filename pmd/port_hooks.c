/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK has no event for the start of a port. So each port of CVIO_PORTS gets a copy of its
 * driver's operations in which dev_start, dev_configure, dev_infos_get and link_update are ours;
 * each calls the driver's and looks at what came of it. Nothing else is touched, and no operation
 * of the packets' path is among them.
 */
#include "pmd/port_hooks.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include <ethdev_driver.h>

#include "pmd/checksum.h"
#include "pmd/grammar/port_spec.h"
#include "pmd/log.h"
#include "pmd/port_report.h"

struct expected {
	const struct port_spec *spec; /* NULL: not a port of ours */
	unsigned int index;
	bool complete; /* a driver with filters and checksums of its own: a NIC's, and net_tap */
	bool started;
	uint16_t rx_checked, tx_checked; /* queues with a callback of checksum.h */
	bool up;                         /* as was last said */
	const struct eth_dev_ops *driver_ops;
	struct eth_dev_ops ops;
};

static struct expected expected[RTE_MAX_ETHPORTS];
static unsigned int missing; /* ports that the application has yet to start */
static void (*all_started)(void);

/*
 * A backend has no filter of addresses unless it offers to control one, which those of DPDK and OVS
 * don't: the port gets every frame. To ask for that is no failure, as many applications would take
 * it; to ask for less still is.
 */
static int no_filter(int ret)
{
	return ret == -ENOTSUP ? 0 : ret;
}

static int promiscuous_enable(struct rte_eth_dev *dev)
{
	return no_filter(expected[dev->data->port_id].driver_ops->promiscuous_enable(dev));
}

static int allmulticast_enable(struct rte_eth_dev *dev)
{
	return no_filter(expected[dev->data->port_id].driver_ops->allmulticast_enable(dev));
}

static int dev_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	int ret = expected[dev->data->port_id].driver_ops->dev_infos_get(dev, info);

	info->rx_offload_capa |= RTE_ETH_RX_OFFLOAD_IPV4_CKSUM;
	info->tx_offload_capa |= RTE_ETH_TX_OFFLOAD_IPV4_CKSUM;
	return ret;
}

static uint16_t rx_checksums(uint16_t port, uint16_t queue, struct rte_mbuf **frames,
	uint16_t count, uint16_t max, void *arg)
{
	RTE_SET_USED(port);
	RTE_SET_USED(queue);
	RTE_SET_USED(max);
	RTE_SET_USED(arg);
	checksum_received(frames, count);
	return count;
}

static uint16_t tx_checksums(
	uint16_t port, uint16_t queue, struct rte_mbuf **frames, uint16_t count, void *arg)
{
	RTE_SET_USED(port);
	RTE_SET_USED(queue);
	RTE_SET_USED(arg);
	checksum_to_send(frames, count);
	return count;
}

/* What dev_infos_get() offered, where the application has asked for it. A queue keeps its callback
 * when it is set up again. */
static int checksums_begin(struct rte_eth_dev *dev, struct expected *e)
{
	const struct rte_eth_dev_data *data = dev->data;

	if (data->dev_conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_IPV4_CKSUM)
		for (; e->rx_checked < data->nb_rx_queues; e->rx_checked++)
			if (rte_eth_add_first_rx_callback(
				    data->port_id, e->rx_checked, rx_checksums, NULL) == NULL)
				return -rte_errno;
	if (data->dev_conf.txmode.offloads & RTE_ETH_TX_OFFLOAD_IPV4_CKSUM)
		for (; e->tx_checked < data->nb_tx_queues; e->tx_checked++)
			if (rte_eth_add_tx_callback(
				    data->port_id, e->tx_checked, tx_checksums, NULL) == NULL)
				return -rte_errno;
	return 0;
}

/*
 * An application that asks for large frames gets them in several mbufs where one is too small: most
 * NICs' drivers do that unasked, virtio's and net_tap only if scattering was asked for.
 */
static void large_frames(struct rte_eth_dev *dev, const struct expected *e)
{
	struct rte_eth_rxmode *rxmode = &dev->data->dev_conf.rxmode;
	struct rte_eth_dev_info info = {0};

	if (rxmode->mtu > RTE_ETHER_MTU && e->driver_ops->dev_infos_get(dev, &info) == 0)
		rxmode->offloads |= info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
}

/*
 * virtio-user notices that its backend went, and takes the next one, when it is asked for the
 * link's state or when the application wants link interrupts. One that does neither (l2fwd) would
 * never forward again.
 */
static int dev_configure(struct rte_eth_dev *dev)
{
	struct expected *e = &expected[dev->data->port_id];

	if (e->spec->kind == PORT_PCI)
		return e->driver_ops->dev_configure(dev);
	if (e->spec->kind == PORT_VHOST_USER)
		dev->data->dev_conf.intr_conf.lsc = 1;
	large_frames(dev, e);
	/* One queue gets everything, whatever it is spread by; virtio refuses to spread. */
	if (dev->data->nb_rx_queues == 1 && dev->data->dev_conf.rxmode.mq_mode == RTE_ETH_MQ_RX_RSS)
		dev->data->dev_conf.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE;
	return e->driver_ops->dev_configure(dev);
}

/* A switch's restart is one line, and one more when it is back, whoever sees it first. */
static void link_say(struct rte_eth_dev *dev)
{
	struct expected *e = &expected[dev->data->port_id];
	bool up = dev->data->dev_link.link_status == RTE_ETH_LINK_UP;

	if (!dev->data->dev_started || !__atomic_compare_exchange_n(&e->up, &(bool){!up}, up, false,
					       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	log_line(LOG_LEVEL_NOTICE, "port %u: %s: the %s %s", e->index, e->spec->path,
		e->spec->kind == PORT_VHOST_KERNEL ? "interface" : "backend",
		up ? "is back" : "has gone; waiting for the next");
}

/* the application asks */
static int link_update(struct rte_eth_dev *dev, int wait)
{
	int ret = expected[dev->data->port_id].driver_ops->link_update(dev, wait);

	link_say(dev);
	return ret;
}

/* the driver's interrupt handler has asked */
static int on_link(uint16_t port_id, enum rte_eth_event_type event, void *arg, void *ret)
{
	(void)event;
	(void)arg;
	(void)ret;
	link_say(&rte_eth_devices[port_id]);
	return 0;
}

static int dev_start(struct rte_eth_dev *dev)
{
	struct expected *e = &expected[dev->data->port_id];
	char report[256];
	int ret;

	if (e->spec->mtu != 0 && dev->data->mtu != e->spec->mtu) {
		ret = rte_eth_dev_set_mtu(dev->data->port_id, e->spec->mtu);
		if (ret < 0) {
			log_line(LOG_LEVEL_ERROR,
				"port %u: %s: mtu=%u is refused: %s; leave it out, or give the "
				"application larger mbufs",
				e->index, e->spec->path, e->spec->mtu, strerror(-ret));
			return ret;
		}
	}
	ret = e->complete ? 0 : checksums_begin(dev, e);
	if (ret < 0)
		return ret;
	ret = e->driver_ops->dev_start(dev);
	if (ret < 0 || e->started)
		return ret;
	e->started = true;
	e->up = true;
	if (port_report_format(dev->data->port_id, e->spec, report, sizeof(report)) >= 0)
		log_line(LOG_LEVEL_NOTICE, "port %u: %s: %s", e->index, e->spec->path, report);
	if (--missing == 0 && all_started != NULL)
		all_started();
	return 0;
}

/* What a complete driver does by itself, or refuses for a reason. */
static void virtual_device(struct expected *e)
{
	e->ops.dev_infos_get = dev_infos_get;
	if (e->driver_ops->promiscuous_enable != NULL)
		e->ops.promiscuous_enable = promiscuous_enable;
	if (e->driver_ops->allmulticast_enable != NULL)
		e->ops.allmulticast_enable = allmulticast_enable;
}

void port_hooks_add(uint16_t port_id, unsigned int index, const struct port_spec *spec)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	struct expected *e = &expected[port_id];

	e->spec = spec;
	e->index = index;
	e->complete = spec->kind == PORT_PCI || port_is_tap(port_id);
	e->driver_ops = dev->dev_ops;
	e->ops = *dev->dev_ops;
	e->ops.dev_configure = dev_configure;
	e->ops.dev_start = dev_start;
	if (!e->complete)
		virtual_device(e);
	if (spec->kind == PORT_VHOST_USER || spec->kind == PORT_VHOST_KERNEL) {
		e->ops.link_update = link_update;
		rte_eth_dev_callback_register(port_id, RTE_ETH_EVENT_INTR_LSC, on_link, NULL);
	}
	dev->dev_ops = &e->ops;
	missing++;
}

void port_hooks_when_started(void (*started)(void))
{
	all_started = started;
	if (missing == 0)
		all_started();
}

bool port_state_get(uint16_t port_id, struct port_state *state)
{
	const struct expected *e = &expected[port_id];

	if (e->spec == NULL)
		return false;
	*state = (struct port_state){e->spec, e->index, __atomic_load_n(&e->up, __ATOMIC_RELAXED)};
	return true;
}
