/* SPDX-License-Identifier: BSD-3-Clause */
#include "port_report.h"

#include <errno.h>
#include <stdio.h>

#include <ethdev_driver.h>
#include <rte_ethdev.h>

#include "port_spec.h"
#include "virtio.h"

static const char *vectorized(const struct virtio_hw *hw)
{
	if (hw->use_vec_rx && hw->use_vec_tx)
		return ", vectorized Rx and Tx";
	if (hw->use_vec_rx)
		return ", vectorized Rx";
	if (hw->use_vec_tx)
		return ", vectorized Tx";
	return "";
}

static int format_user(const struct rte_eth_dev *dev, char *buf, size_t len)
{
	struct virtio_hw *hw = dev->data->dev_private;
	const struct rte_ether_addr *mac = &dev->data->mac_addrs[0];

	return snprintf(buf, len,
		"%s ring%s%s%s, %u of %u queue pairs, MAC " RTE_ETHER_ADDR_PRT_FMT,
		virtio_with_packed_queue(hw) ? "packed" : "split",
		virtio_with_feature(hw, VIRTIO_F_IN_ORDER) ? ", in-order" : "",
		virtio_with_feature(hw, VIRTIO_NET_F_MRG_RXBUF) ? ", mergeable" : "",
		vectorized(hw), dev->data->nb_rx_queues, hw->max_queue_pairs,
		RTE_ETHER_ADDR_BYTES(mac));
}

bool port_ring_is_packed(uint16_t port_id)
{
	return virtio_with_packed_queue(rte_eth_devices[port_id].data->dev_private);
}

int port_report_format(uint16_t port_id, const struct port_spec *spec, char *buf, size_t len)
{
	if (!rte_eth_dev_is_valid_port(port_id))
		return -ENODEV;
	if (spec->kind == PORT_VHOST_BACKEND)
		return snprintf(buf, len, "backend, %s, %u queue pair%s",
			spec->server ? "listening" : "connecting", spec->queues,
			spec->queues == 1 ? "" : "s");
	return format_user(&rte_eth_devices[port_id], buf, len);
}
