/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK has no event for the start of a port. So each port that the runtime makes gets a copy of its
 * driver's operations in which dev_start and dev_configure are ours; it calls the driver's and
 * looks at what came of it. Nothing else is touched, and no operation of the packets' path is among
 * them.
 */
#include "ready.h"

#include <stddef.h>

#include <ethdev_driver.h>

#include "ledger.h"
#include "log.h"
#include "notify.h"
#include "port_report.h"
#include "port_spec.h"

struct expected {
	const struct port_spec *spec; /* NULL: not a port of ours */
	unsigned int index;
	bool started;
	const struct eth_dev_ops *driver_ops;
	struct eth_dev_ops ops;
};

static struct expected expected[RTE_MAX_ETHPORTS];
static unsigned int missing;

static void ready(void)
{
	char summary[192];

	ledger_end(LEDGER_APPLICATION);
	ledger_summary(summary, sizeof(summary));
	ledger_log();
	log_line(LOG_LEVEL_INFO, "ready in %s", summary);
	notify_ready();
}

/*
 * virtio-user notices that its backend went, and accepts the next one, when it is asked for the
 * link's state or when the application wants link interrupts. One that does neither (l2fwd) would
 * never forward again.
 */
static int dev_configure(struct rte_eth_dev *dev)
{
	struct expected *e = &expected[dev->data->port_id];

	if (e->spec->kind == PORT_VHOST_USER && e->spec->server)
		dev->data->dev_conf.intr_conf.lsc = 1;
	return e->driver_ops->dev_configure(dev);
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
	ret = e->driver_ops->dev_start(dev);
	if (ret < 0 || e->started)
		return ret;
	e->started = true;
	if (port_report_format(dev->data->port_id, e->spec, report, sizeof(report)) >= 0)
		log_line(LOG_LEVEL_NOTICE, "port %u: %s: %s", e->index, e->spec->path, report);
	if (--missing == 0)
		ready();
	return 0;
}

void ready_expect(uint16_t port_id, unsigned int index, const struct port_spec *spec)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	struct expected *e = &expected[port_id];

	e->spec = spec;
	e->index = index;
	e->driver_ops = dev->dev_ops;
	e->ops = *dev->dev_ops;
	e->ops.dev_configure = dev_configure;
	e->ops.dev_start = dev_start;
	dev->dev_ops = &e->ops;
	missing++;
}

void ready_begin(void)
{
	if (missing == 0)
		ready();
}
