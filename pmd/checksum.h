/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * IPv4 header checksums, for applications that leave them to the port.
 *
 * Every NIC's driver offers them, and many applications (DPDK's l3fwd and ip_reassembly among them)
 * ask for them without looking whether they are offered: rte_eth_dev_configure() refuses. virtio
 * has none, since a header's checksum is a matter of 20 bytes. So the ports of CVIO_PORTS offer
 * them, and where an application asks, these functions stand in for the NIC. Where it doesn't, they
 * aren't called.
 */
#pragma once

#include <stdint.h>

struct rte_mbuf;

/**
 * Tell of each received frame whether its IPv4 header's checksum is good or bad, in its flags; of
 * one whose header isn't IPv4 or isn't whole in the first segment, nothing.
 */
void checksum_received(struct rte_mbuf **frames, uint16_t count);

/**
 * Put the checksum into the IPv4 header of each frame whose flags ask for it, and take that flag
 * away.
 *
 * The header begins after l2_len bytes and is whole in the first segment, as DPDK wants it for this
 * flag.
 */
void checksum_to_send(struct rte_mbuf **frames, uint16_t count);
