/* SPDX-License-Identifier: BSD-3-Clause */
/* MAC addresses as numbers, and what the switch does with each kind. Pure, for its tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define MAC_LEN 6
#define MAC_MASK UINT64_C(0xffffffffffff)

/** The address at data as a number: its first byte is the lowest. */
uint64_t mac_load(const uint8_t data[MAC_LEN]);

/** Whether it is a multicast or the broadcast address. */
bool mac_is_group(uint64_t mac);

/** Whether a frame may come from it: neither a group's nor all zero. */
bool mac_is_source(uint64_t mac);

/**
 * Whether it is one of 01:80:C2:00:00:00 to 0F, which IEEE 802.1Q reserves for talk with the
 * neighbour itself (pause frames, spanning tree, LACP, LLDP): bridges don't forward those.
 */
bool mac_is_reserved(uint64_t mac);
