/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/port_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <dev_driver.h>
#include <ethdev_driver.h>
#include <rte_ethdev.h>
#include <virtio.h>

#include "pmd/grammar/port_spec.h"

void port_layout_get(uint16_t port_id, struct port_layout *layout)
{
	struct virtio_hw *hw = rte_eth_devices[port_id].data->dev_private;

	*layout = (struct port_layout){
		.packed = virtio_with_packed_queue(hw),
		.in_order = virtio_with_feature(hw, VIRTIO_F_IN_ORDER),
		.mergeable = virtio_with_feature(hw, VIRTIO_NET_F_MRG_RXBUF),
		.vectorized_rx = hw->use_vec_rx,
		.vectorized_tx = hw->use_vec_tx,
		.rx_checksum = virtio_with_feature(hw, VIRTIO_NET_F_GUEST_CSUM),
		.rx_lro = virtio_with_feature(hw, VIRTIO_NET_F_GUEST_TSO4) &&
			  virtio_with_feature(hw, VIRTIO_NET_F_GUEST_TSO6),
		.tx_checksum = virtio_with_feature(hw, VIRTIO_NET_F_CSUM),
		.tx_tso = virtio_with_feature(hw, VIRTIO_NET_F_HOST_TSO4) &&
			  virtio_with_feature(hw, VIRTIO_NET_F_HOST_TSO6),
		.queues_max = hw->max_queue_pairs,
	};
}

static const char *vectorized(const struct port_layout *layout)
{
	if (layout->vectorized_rx && layout->vectorized_tx)
		return ", vectorized Rx and Tx";
	if (layout->vectorized_rx)
		return ", vectorized Rx";
	if (layout->vectorized_tx)
		return ", vectorized Tx";
	return "";
}

/* ", Rx checksum and LRO, Tx checksum and TSO": only what the application has asked for is there */
static void offloads(const struct port_layout *layout, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s%s%s", layout->rx_checksum ? ", Rx checksum" : "",
		!layout->rx_lro       ? ""
		: layout->rx_checksum ? " and LRO"
				      : ", Rx LRO",
		layout->tx_checksum ? ", Tx checksum" : "",
		!layout->tx_tso       ? ""
		: layout->tx_checksum ? " and TSO"
				      : ", Tx TSO");
}

static int format_user(uint16_t port_id, char *buf, size_t len)
{
	const struct rte_eth_dev_data *data = rte_eth_devices[port_id].data;
	struct port_layout layout;
	char offload[64];

	port_layout_get(port_id, &layout);
	offloads(&layout, offload, sizeof(offload));
	return snprintf(buf, len,
		"%s ring%s%s%s%s, %u of %u queue pairs, MAC " RTE_ETHER_ADDR_PRT_FMT,
		layout.packed ? "packed" : "split", layout.in_order ? ", in-order" : "",
		layout.mergeable ? ", mergeable" : "", vectorized(&layout), offload,
		data->nb_rx_queues, layout.queues_max, RTE_ETHER_ADDR_BYTES(&data->mac_addrs[0]));
}

static int format_driver(uint16_t port_id, char *buf, size_t len)
{
	const struct rte_eth_dev_data *data = rte_eth_devices[port_id].data;
	struct rte_eth_dev_info info = {0};

	rte_eth_dev_info_get(port_id, &info);
	return snprintf(buf, len, "%s, %u queue pair%s, MAC " RTE_ETHER_ADDR_PRT_FMT,
		info.driver_name, data->nb_rx_queues, data->nb_rx_queues == 1 ? "" : "s",
		RTE_ETHER_ADDR_BYTES(&data->mac_addrs[0]));
}

bool port_is_tap(uint16_t port_id)
{
	return strcmp(rte_eth_devices[port_id].device->driver->name, "net_tap") == 0;
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
	if (spec->kind == PORT_PCI || port_is_tap(port_id))
		return format_driver(port_id, buf, len);
	return format_user(port_id, buf, len);
}
