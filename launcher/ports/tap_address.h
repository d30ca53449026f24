/* SPDX-License-Identifier: BSD-3-Clause */
/* The MAC address of a tap that was given none. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * Make a locally administered unicast address of a machine's id and an interface's name: the same
 * at each start, so that neighbours find it again at once, and another on another machine.
 */
void tap_address(const char *machine, const char *ifname, uint8_t mac[static 6]);

/** Read the machine's id, as machine-id(5) has it. False: it has none. */
bool tap_machine(char *buf, int size);
