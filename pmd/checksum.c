/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/checksum.h"

#include <stddef.h>

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_mbuf.h>

#define VLAN_TAGS_MAX 2

/* Where the IPv4 header begins; NULL: there is none, or not the whole of it. */
static const struct rte_ipv4_hdr *ipv4_find(const struct rte_mbuf *frame)
{
	size_t at = offsetof(struct rte_ether_hdr, ether_type), have = rte_pktmbuf_data_len(frame);
	const uint8_t *data = rte_pktmbuf_mtod(frame, const uint8_t *);
	const struct rte_ipv4_hdr *ip;
	int tags = 0;

	for (;; tags++, at += sizeof(struct rte_vlan_hdr)) {
		uint16_t type;

		if (tags > VLAN_TAGS_MAX || at + sizeof(type) > have)
			return NULL;
		type = (uint16_t)(data[at] << 8 | data[at + 1]);
		if (type == RTE_ETHER_TYPE_IPV4)
			break;
		if (type != RTE_ETHER_TYPE_VLAN && type != RTE_ETHER_TYPE_QINQ)
			return NULL;
	}
	at += sizeof(uint16_t);
	ip = (const struct rte_ipv4_hdr *)(data + at);
	if (at + sizeof(*ip) > have || ip->version_ihl >> 4 != IPVERSION ||
		rte_ipv4_hdr_len(ip) < sizeof(*ip) || at + rte_ipv4_hdr_len(ip) > have)
		return NULL;
	return ip;
}

void checksum_received(struct rte_mbuf **frames, uint16_t count)
{
	for (uint16_t i = 0; i < count; i++) {
		const struct rte_ipv4_hdr *ip = ipv4_find(frames[i]);

		if (ip == NULL)
			continue;
		frames[i]->ol_flags &= ~RTE_MBUF_F_RX_IP_CKSUM_MASK;
		frames[i]->ol_flags |= rte_raw_cksum(ip, rte_ipv4_hdr_len(ip)) == 0xffff
					       ? RTE_MBUF_F_RX_IP_CKSUM_GOOD
					       : RTE_MBUF_F_RX_IP_CKSUM_BAD;
	}
}

void checksum_to_send(struct rte_mbuf **frames, uint16_t count)
{
	for (uint16_t i = 0; i < count; i++) {
		struct rte_ipv4_hdr *ip;

		if (!(frames[i]->ol_flags & RTE_MBUF_F_TX_IP_CKSUM))
			continue;
		frames[i]->ol_flags &= ~RTE_MBUF_F_TX_IP_CKSUM;
		ip = rte_pktmbuf_mtod_offset(frames[i], struct rte_ipv4_hdr *, frames[i]->l2_len);
		ip->hdr_checksum = 0;
		ip->hdr_checksum = rte_ipv4_cksum(ip);
	}
}
