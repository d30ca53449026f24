/* SPDX-License-Identifier: BSD-3-Clause */
#include "gateway/classify.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_jhash.h>

#include "gateway/rules.h"

/* Both begin with the ports. */
struct l4_ports {
	rte_be16_t from, to;
};

static bool is_ipv6(uint32_t type)
{
	type &= RTE_PTYPE_L3_MASK;
	return type == RTE_PTYPE_L3_IPV6 || type == RTE_PTYPE_L3_IPV6_EXT ||
	       type == RTE_PTYPE_L3_IPV6_EXT_UNKNOWN;
}

/* Reads without a copy where the bytes are in one segment, as headers mostly are. */
static const void *at(const struct rte_mbuf *frame, uint32_t offset, void *copy, uint32_t size)
{
	return rte_pktmbuf_read(frame, offset, size, copy);
}

static void read_ports(const struct rte_mbuf *frame, uint32_t offset, struct facts *facts)
{
	struct l4_ports copy;
	const struct l4_ports *ports = at(frame, offset, &copy, sizeof(copy));

	if (ports == NULL)
		return;
	facts->has_ports = true;
	facts->from = rte_be_to_cpu_16(ports->from);
	facts->to = rte_be_to_cpu_16(ports->to);
}

static void read_ipv4(const struct rte_mbuf *frame, uint32_t offset, struct facts *facts)
{
	struct rte_ipv4_hdr copy;
	const struct rte_ipv4_hdr *ip = at(frame, offset, &copy, sizeof(copy));

	if (ip == NULL)
		return;
	facts->version = 4;
	facts->proto = ip->next_proto_id;
	memcpy(facts->address, &ip->dst_addr, sizeof(ip->dst_addr));
}

/* Behind extension headers: DPDK's parser has looked through them, and knows only some protocols.
 */
static uint8_t proto_of(uint32_t type, uint8_t next)
{
	switch (type & RTE_PTYPE_L4_MASK) {
	case RTE_PTYPE_L4_TCP:
		return IPPROTO_TCP;
	case RTE_PTYPE_L4_UDP:
		return IPPROTO_UDP;
	default:
		return next;
	}
}

static void read_ipv6(
	const struct rte_mbuf *frame, uint32_t offset, uint32_t type, struct facts *facts)
{
	struct rte_ipv6_hdr copy;
	const struct rte_ipv6_hdr *ip = at(frame, offset, &copy, sizeof(copy));

	if (ip == NULL)
		return;
	facts->version = 6;
	facts->proto = proto_of(type, ip->proto);
	memcpy(facts->address, ip->dst_addr, sizeof(ip->dst_addr));
}

/* DPDK has no type for it behind tags; the last two bytes before what they carry are its type. */
static bool is_arp(const struct rte_mbuf *frame, uint32_t l2_len)
{
	rte_be16_t copy;
	const rte_be16_t *type;

	if (l2_len < sizeof(struct rte_ether_hdr))
		return false;
	type = at(frame, l2_len - sizeof(copy), &copy, sizeof(copy));
	return type != NULL && *type == rte_cpu_to_be_16(RTE_ETHER_TYPE_ARP);
}

uint32_t classify(const struct rte_mbuf *frame, struct rte_net_hdr_lens *lens, struct facts *facts)
{
	uint32_t type, l4;

	*lens = (struct rte_net_hdr_lens){0};
	*facts = (struct facts){0};
	type = rte_net_get_ptype(frame, lens, RTE_PTYPE_ALL_MASK);
	l4 = type & RTE_PTYPE_L4_MASK;
	if ((type & RTE_PTYPE_L3_MASK) == 0) {
		facts->arp = is_arp(frame, lens->l2_len);
	} else if (RTE_ETH_IS_IPV4_HDR(type)) {
		read_ipv4(frame, lens->l2_len, facts);
	} else if (is_ipv6(type)) {
		read_ipv6(frame, lens->l2_len, type, facts);
	}
	if (facts->version != 0 && (l4 == RTE_PTYPE_L4_TCP || l4 == RTE_PTYPE_L4_UDP))
		read_ports(frame, lens->l2_len + lens->l3_len, facts);
	return type;
}

uint32_t classify_hash(const struct rte_mbuf *frame)
{
	struct rte_net_hdr_lens lens;
	struct facts facts;
	uint8_t source[16];
	uint32_t type, hash, size, offset;
	const void *address;

	if (frame->ol_flags & RTE_MBUF_F_RX_RSS_HASH)
		return frame->hash.rss;
	type = classify(frame, &lens, &facts);
	if (facts.version == 0)
		return 0;
	size = facts.version == 4 ? 4 : 16;
	offset = facts.version == 4 ? offsetof(struct rte_ipv4_hdr, src_addr)
				    : offsetof(struct rte_ipv6_hdr, src_addr);
	address = at(frame, lens.l2_len + offset, source, size);
	hash = rte_jhash(facts.address, size, type & RTE_PTYPE_L4_MASK);
	if (address != NULL)
		hash = rte_jhash(address, size, hash);
	return rte_jhash_2words(facts.from, facts.to, hash);
}
