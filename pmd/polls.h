/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How idle an lcore is that never sleeps: the share of its polls that found no frame. DPDK 22.11
 * doesn't count that (rte_lcore_register_usage_cb() came with 23.03, and the application would have
 * to use it).
 *
 * Should: count while somebody asks, and only then. Mustn't: stay on the packets' path afterwards.
 */
#pragma once

#include <stdint.h>

/**
 * Read a port's counters, and go on counting for the next seconds. All of a port's queues in one.
 *
 * @param polls,empty  filled in: since the first question, calls of rte_eth_rx_burst(), and those
 *                     that found no frame; monotonic
 * @return             0, -ENOTSUP: the port has no queue yet, or -ENOMEM
 */
int polls_read(uint16_t port_id, uint64_t *polls, uint64_t *empty);
