/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "ready": the application has started all ports of CVIO_PORTS.
 *
 * Should: say once a port what was negotiated, once in all that the image is ready, and tell
 * whoever started it (NOTIFY_SOCKET, as sd_notify(3)). Mustn't: cost anything where packets pass.
 */
#pragma once

#include <stdint.h>

struct port_spec;

/**
 * Expect a port to be started by the application.
 *
 * @param index  its place in CVIO_PORTS
 * @param spec   borrowed; must live as long as the process
 */
void ready_expect(uint16_t port_id, unsigned int index, const struct port_spec *spec);

/** All ports have been made: where there is none, the image is ready now. */
void ready_begin(void);
