/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "ports": the ports of CVIO_PORTS become DPDK ports, one by one, in their order.
 *
 * Should: wait for a backend as long as the port says, and tell which port failed and why. Mustn't:
 * start a port: that is the application's.
 */
#pragma once

#include <stdbool.h>

struct config;
struct cvio_error;

/**
 * Make every port.
 *
 * @param config  borrowed; its paths must live as long as the process
 * @param err     CVIO_EXIT_UNAVAILABLE: the other side wasn't there in time, or can't be reached;
 * CVIO_EXIT_CONFIG: a path that no socket can have
 * @return        0 or a negative errno
 */
int ports_make(const struct config *config, struct cvio_error *err);

/** Whether a port is a NIC, so that EAL needs the bus. */
bool ports_have_pci(const struct config *config);
