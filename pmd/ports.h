/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "ports": the ports of CVIO_PORTS become DPDK ports, one by one, in their order.
 *
 * Should: wait for a backend as long as the port says, and tell which port failed and why. Mustn't:
 * start a port: that is the application's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cvio_error;
struct port_spec;

/**
 * Make every port.
 *
 * @param specs  borrowed; they and their paths must live as long as the process
 * @param loud   leave DPDK's lines as they are, also those of attempts that may be one of many
 * @param err    CVIO_EXIT_UNAVAILABLE: the other side wasn't there in time, or can't be reached;
 * CVIO_EXIT_CONFIG: a path that no socket can have
 * @return       0 or a negative errno
 */
int ports_make(const struct port_spec *specs, size_t count, bool loud, struct cvio_error *err);

/** Whether a port is a NIC, so that EAL needs the bus. */
bool ports_have_pci(const struct port_spec *specs, size_t count);
