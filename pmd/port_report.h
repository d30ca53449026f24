/* SPDX-License-Identifier: BSD-3-Clause */
/* What a port has become once its backend has answered. Needs DPDK's own headers of its virtio
 * driver. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port_spec;

/**
 * Describe a port that has been started: "packed ring, in-order, mergeable, vectorized Tx, 1 of
 * 2 queue pairs, MAC 02:…".
 *
 * @param buf  filled in and terminated; 256 bytes are enough
 * @return     the length, or -ENODEV: no such port
 */
int port_report_format(uint16_t port_id, const struct port_spec *spec, char *buf, size_t len);

/* What a virtio-user port and its backend have agreed on. */
struct port_layout {
	bool packed; /* else split rings */
	bool in_order, mergeable;
	bool vectorized_rx, vectorized_tx;
	/* what is left to the other side: the application gets frames with a checksum still to be
	 * made, or larger than the MTU, and may hand over such frames */
	bool rx_checksum, rx_lro, tx_checksum, tx_tso;
	uint16_t queues_max; /* queue pairs that both sides have */
};

/** Fill in the layout of a virtio-user port, which has been started. */
void port_layout_get(uint16_t port_id, struct port_layout *layout);

/** Whether a port is DPDK's net_tap, as a vhost-kernel port with fallback=tap may be. */
bool port_is_tap(uint16_t port_id);

/** Whether a vhost-user port and its backend have agreed on packed rings. */
bool port_ring_is_packed(uint16_t port_id);
