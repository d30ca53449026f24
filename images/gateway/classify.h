/* SPDX-License-Identifier: BSD-3-Clause */
/* What a frame is, by DPDK's parser of headers. */
#pragma once

#include <rte_mbuf.h>
#include <rte_net.h>

struct facts;

/**
 * Look into a frame.
 *
 * @param lens   filled in: the lengths of its headers
 * @param facts  filled in, for the rules
 * @return       its packet type, RTE_PTYPE_*
 */
uint32_t classify(const struct rte_mbuf *frame, struct rte_net_hdr_lens *lens, struct facts *facts);

/** A number by which a flow stays in one queue: the NIC's, or one of the addresses and ports. */
uint32_t classify_hash(const struct rte_mbuf *frame);
