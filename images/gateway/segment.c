/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Large TCP frames go whole to a port with TSO. For others DPDK's GSO library cuts those of IPv4,
 * without a copy; it knows no IPv6, whose segments are copies here. Checksums come after, since the
 * library makes none: by the port if it can, else here.
 */
#include "gateway/segment.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_gso.h>
#include <rte_ip.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#include "gateway/classify.h"
#include "gateway/ports.h"
#include "gateway/rules.h"

#define TCP_ENDS (RTE_TCP_FIN_FLAG | RTE_TCP_PSH_FLAG) /* of a frame: of its last segment only */

struct headers {
	bool ipv4, tcp;
	struct rte_net_hdr_lens lens;
	uint32_t all; /* their length */
};

/* TCP and UDP in IP, with all headers in the first mbuf, so that they can be written. */
static bool headers_read(const struct rte_mbuf *frame, struct headers *h)
{
	struct facts facts;
	uint32_t type = classify(frame, &h->lens, &facts), l4 = type & RTE_PTYPE_L4_MASK;

	h->ipv4 = facts.version == 4;
	h->tcp = l4 == RTE_PTYPE_L4_TCP;
	h->all = h->lens.l2_len + h->lens.l3_len + h->lens.l4_len;
	return facts.has_ports && h->lens.l4_len >= sizeof(struct rte_udp_hdr) &&
	       (!h->tcp || h->lens.l4_len >= sizeof(struct rte_tcp_hdr)) &&
	       frame->data_len >= h->all;
}

static void *l3_of(const struct rte_mbuf *frame, const struct headers *h)
{
	return rte_pktmbuf_mtod_offset(frame, void *, h->lens.l2_len);
}

static void *l4_of(const struct rte_mbuf *frame, const struct headers *h)
{
	return rte_pktmbuf_mtod_offset(frame, void *, h->lens.l2_len + h->lens.l3_len);
}

uint32_t segment_count(const struct rte_mbuf *frame)
{
	struct headers h;

	if (!(frame->ol_flags & RTE_MBUF_F_RX_LRO) || frame->tso_segsz == 0 ||
		!headers_read(frame, &h) || frame->pkt_len <= h.all)
		return 1;
	return (frame->pkt_len - h.all + frame->tso_segsz - 1) / frame->tso_segsz;
}

static void flags_set(struct rte_mbuf *frame, const struct headers *h, uint64_t flags)
{
	frame->ol_flags &= RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
	frame->ol_flags |= flags | (h->ipv4 ? RTE_MBUF_F_TX_IPV4 : RTE_MBUF_F_TX_IPV6);
	frame->l2_len = h->lens.l2_len;
	frame->l3_len = h->lens.l3_len;
	frame->l4_len = h->lens.l4_len;
}

/* By hand, over all of its mbufs. */
static void checksum_write(struct rte_mbuf *frame, const struct headers *h)
{
	uint16_t offset = (uint16_t)(h->lens.l2_len + h->lens.l3_len), sum = 0;
	char *field =
		(char *)l4_of(frame, h) + (h->tcp ? offsetof(struct rte_tcp_hdr, cksum)
						  : offsetof(struct rte_udp_hdr, dgram_cksum));

	memcpy(field, &sum, sizeof(sum));
	sum = h->ipv4 ? rte_ipv4_udptcp_cksum_mbuf(frame, l3_of(frame, h), offset)
		      : rte_ipv6_udptcp_cksum_mbuf(frame, l3_of(frame, h), offset);
	memcpy(field, &sum, sizeof(sum));
	frame->ol_flags &= RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
}

static void checksum_finish(const struct port *out, struct rte_mbuf *frame, const struct headers *h)
{
	uint64_t wanted = h->tcp ? RTE_ETH_TX_OFFLOAD_TCP_CKSUM : RTE_ETH_TX_OFFLOAD_UDP_CKSUM;

	if (out->tx_offloads & wanted)
		flags_set(frame, h, h->tcp ? RTE_MBUF_F_TX_TCP_CKSUM : RTE_MBUF_F_TX_UDP_CKSUM);
	else
		checksum_write(frame, h);
}

/* The header of IPv4 is a few bytes: no port is asked to sum it up but for TSO's. */
static void ipv4_finish(struct rte_mbuf *frame, const struct headers *h)
{
	struct rte_ipv4_hdr *ip = l3_of(frame, h);

	ip->hdr_checksum = 0;
	ip->hdr_checksum = rte_ipv4_cksum(ip);
}

static int cut_ipv4(
	struct ports *ports, struct rte_mbuf *frame, const struct headers *h, struct rte_mbuf **to)
{
	const struct rte_gso_ctx gso = {
		.direct_pool = ports->pool,
		.indirect_pool = ports->payloads,
		.gso_types = RTE_ETH_TX_OFFLOAD_TCP_TSO,
		.gso_size = (uint16_t)(h->all + frame->tso_segsz),
	};
	int n;

	flags_set(frame, h, RTE_MBUF_F_TX_TCP_SEG);
	n = rte_gso_segment(frame, &gso, to, SEGMENTS_MAX);
	for (int i = 0; i < n; i++)
		ipv4_finish(to[i], h);
	return n;
}

static void ipv6_write(
	struct rte_mbuf *segment, const struct headers *h, uint32_t offset, bool last)
{
	struct rte_ipv6_hdr *ip = l3_of(segment, h);
	struct rte_tcp_hdr *tcp = l4_of(segment, h);

	ip->payload_len =
		rte_cpu_to_be_16((uint16_t)(segment->pkt_len - h->lens.l2_len - sizeof(*ip)));
	tcp->sent_seq = rte_cpu_to_be_32(rte_be_to_cpu_32(tcp->sent_seq) + offset);
	if (offset > 0)
		tcp->tcp_flags &= (uint8_t)~RTE_TCP_CWR_FLAG;
	if (!last)
		tcp->tcp_flags &= (uint8_t)~TCP_ENDS;
}

static int cut_ipv6(struct ports *ports, const struct rte_mbuf *frame, const struct headers *h,
	struct rte_mbuf **to)
{
	uint32_t payload = frame->pkt_len - h->all, size = frame->tso_segsz;
	int n = 0;

	for (uint32_t offset = 0; offset < payload && n < SEGMENTS_MAX; offset += size, n++) {
		struct rte_mbuf *segment =
			rte_pktmbuf_copy(frame, ports->pool, h->all + offset, size);
		char *front =
			segment == NULL ? NULL : rte_pktmbuf_prepend(segment, (uint16_t)h->all);

		if (front == NULL) {
			rte_pktmbuf_free(segment);
			rte_pktmbuf_free_bulk(to, (unsigned)n);
			return -ENOMEM;
		}
		memcpy(front, rte_pktmbuf_mtod(frame, const void *), h->all);
		ipv6_write(segment, h, offset, offset + size >= payload);
		to[n] = segment;
	}
	return n;
}

static uint16_t cut(struct ports *ports, const struct port *out, struct rte_mbuf *frame,
	const struct headers *h, struct rte_mbuf **to)
{
	int n = h->ipv4 ? cut_ipv4(ports, frame, h, to) : cut_ipv6(ports, frame, h, to);

	if (n == 0) { /* it fits after all */
		to[0] = frame;
		checksum_finish(out, frame, h);
		return 1;
	}
	for (int i = 0; i < n; i++)
		checksum_finish(out, to[i], h);
	rte_pktmbuf_free(frame);
	return n < 0 ? 0 : (uint16_t)n;
}

static void leave_to_port(const struct port *out, struct rte_mbuf *frame, const struct headers *h)
{
	uint64_t flags = RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_TCP_CKSUM;

	if (h->ipv4 && (out->tx_offloads & RTE_ETH_TX_OFFLOAD_IPV4_CKSUM))
		flags |= RTE_MBUF_F_TX_IP_CKSUM;
	flags_set(frame, h, flags);
}

uint16_t segment(
	struct ports *ports, const struct port *out, struct rte_mbuf *frame, struct rte_mbuf **to)
{
	bool large = frame->ol_flags & RTE_MBUF_F_RX_LRO && frame->tso_segsz > 0;
	bool partial =
		(frame->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK) == RTE_MBUF_F_RX_L4_CKSUM_NONE;
	struct headers h;

	to[0] = frame;
	if ((!large && !partial) || !headers_read(frame, &h)) {
		frame->ol_flags &= RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
		return 1;
	}
	if (large && h.tcp && !(out->tx_offloads & RTE_ETH_TX_OFFLOAD_TCP_TSO))
		return cut(ports, out, frame, &h, to);
	if (large && h.tcp)
		leave_to_port(out, frame, &h);
	else
		checksum_finish(out, frame, &h);
	return 1;
}
