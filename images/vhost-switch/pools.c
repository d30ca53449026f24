/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A network card that isn't there, for programs that insist on one, first of all DPDK's vhost
 * example.
 *
 * The example wants a port whose receive queues are divided into VMDq pools, one for each guest,
 * and gives up without: such ports are in large NICs only, and no virtual driver of DPDK has any.
 * Between its sockets it forwards by itself (--vm2vm 1, its default) and never touches the port.
 * This one has the pools; nothing arrives from it, and what is sent to it (an address that no guest
 * has) is dropped. `--vdev=net_pools0` makes it.
 */
#include <errno.h>

#include <bus_vdev_driver.h>
#include <ethdev_driver.h>
#include <ethdev_vdev.h>
#include <rte_mbuf.h>

#define POOLS 32 /* so many guests have addresses of their own */
#define DESCRIPTORS 1024

struct pools {
	struct rte_ether_addr mac[POOLS + 1]; /* the port's own and its guests' */
};

static struct rte_eth_link link_up = {
	.link_speed = RTE_ETH_SPEED_NUM_10G,
	.link_duplex = RTE_ETH_LINK_FULL_DUPLEX,
	.link_autoneg = RTE_ETH_LINK_FIXED,
	.link_status = RTE_ETH_LINK_UP,
};

static uint16_t rx_nothing(void *queue, struct rte_mbuf **frames, uint16_t count)
{
	RTE_SET_USED(queue);
	RTE_SET_USED(frames);
	RTE_SET_USED(count);
	return 0;
}

static uint16_t tx_drop(void *queue, struct rte_mbuf **frames, uint16_t count)
{
	RTE_SET_USED(queue);
	rte_pktmbuf_free_bulk(frames, count);
	return count;
}

static int pools_configure(struct rte_eth_dev *dev)
{
	RTE_SET_USED(dev);
	return 0;
}

static int pools_start(struct rte_eth_dev *dev)
{
	dev->data->dev_link = link_up;
	return 0;
}

static int pools_info(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	RTE_SET_USED(dev);
	info->max_mac_addrs = POOLS + 1;
	info->max_rx_pktlen = UINT16_MAX;
	info->max_mtu = RTE_ETHER_MAX_JUMBO_FRAME_LEN - RTE_ETHER_HDR_LEN - RTE_ETHER_CRC_LEN;
	info->max_rx_queues = POOLS;
	info->max_tx_queues = RTE_MAX_LCORE;
	info->max_vmdq_pools = POOLS;
	info->vmdq_queue_num = POOLS;
	info->rx_desc_lim.nb_max = DESCRIPTORS;
	info->tx_desc_lim.nb_max = DESCRIPTORS;
	/* what the example asks for, and what costs nothing where no frame passes */
	info->rx_offload_capa = RTE_ETH_RX_OFFLOAD_VLAN_STRIP;
	info->tx_offload_capa = RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM |
				RTE_ETH_TX_OFFLOAD_TCP_TSO | RTE_ETH_TX_OFFLOAD_VLAN_INSERT |
				RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	return 0;
}

static int rx_queue_setup(struct rte_eth_dev *dev, uint16_t queue, uint16_t descriptors,
	unsigned int socket, const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	RTE_SET_USED(descriptors);
	RTE_SET_USED(socket);
	RTE_SET_USED(conf);
	RTE_SET_USED(pool);
	dev->data->rx_queues[queue] = dev;
	return 0;
}

static int tx_queue_setup(struct rte_eth_dev *dev, uint16_t queue, uint16_t descriptors,
	unsigned int socket, const struct rte_eth_txconf *conf)
{
	RTE_SET_USED(descriptors);
	RTE_SET_USED(socket);
	RTE_SET_USED(conf);
	dev->data->tx_queues[queue] = dev;
	return 0;
}

static int link_update(struct rte_eth_dev *dev, int wait)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(wait);
	return 0;
}

/* The example tells which guest has which address; nothing comes from outside that would need it.
 */
static int mac_add(
	struct rte_eth_dev *dev, struct rte_ether_addr *mac, uint32_t index, uint32_t pool)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(mac);
	RTE_SET_USED(index);
	return pool < POOLS ? 0 : -EINVAL;
}

static void mac_remove(struct rte_eth_dev *dev, uint32_t index)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(index);
}

static void vlan_strip(struct rte_eth_dev *dev, uint16_t queue, int on)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(queue);
	RTE_SET_USED(on);
}

static int promiscuous(struct rte_eth_dev *dev)
{
	RTE_SET_USED(dev);
	return 0;
}

static const struct eth_dev_ops pools_ops = {
	.dev_configure = pools_configure,
	.dev_start = pools_start,
	.dev_infos_get = pools_info,
	.rx_queue_setup = rx_queue_setup,
	.tx_queue_setup = tx_queue_setup,
	.link_update = link_update,
	.mac_addr_add = mac_add,
	.mac_addr_remove = mac_remove,
	.vlan_strip_queue_set = vlan_strip,
	.promiscuous_enable = promiscuous,
	.promiscuous_disable = promiscuous,
};

static int pools_probe(struct rte_vdev_device *vdev)
{
	struct rte_eth_dev *dev = rte_eth_vdev_allocate(vdev, sizeof(struct pools));
	struct pools *pools;

	if (dev == NULL)
		return -ENOMEM;
	pools = dev->data->dev_private;
	rte_eth_random_addr(pools->mac[0].addr_bytes);
	dev->data->mac_addrs = pools->mac;
	dev->data->dev_link = link_up;
	dev->dev_ops = &pools_ops;
	dev->rx_pkt_burst = rx_nothing;
	dev->tx_pkt_burst = tx_drop;
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static int pools_remove(struct rte_vdev_device *vdev)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(rte_vdev_device_name(vdev));

	if (dev == NULL)
		return 0;
	dev->data->mac_addrs = NULL; /* a part of dev_private, which is freed */
	return rte_eth_dev_release_port(dev);
}

static struct rte_vdev_driver pools_driver = {
	.probe = pools_probe,
	.remove = pools_remove,
};

RTE_PMD_REGISTER_VDEV(net_pools, pools_driver);

/* What DPDK's own build makes for its drivers, by which dpdk-pmdinfo and cvio's audit know them. */
const char net_pools_pmd_info[] __attribute__((used)) =
	"PMD_INFO_STRING= {\"name\": \"net_pools\", \"params\": null, \"pci_ids\": []}";
