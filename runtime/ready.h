/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "ready": the application has started all ports of CVIO_PORTS.
 *
 * Should: say once a port what was negotiated, once in all that the image is ready, and tell
 * whoever started it (NOTIFY_SOCKET, as sd_notify(3)). Mustn't: cost anything where packets pass.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct port_spec;

/* A port of CVIO_PORTS as it is now. */
struct ready_port {
	const struct port_spec *spec; /* borrowed */
	unsigned int index;           /* its place in CVIO_PORTS */
	bool up;                      /* a client or server port: its backend is there */
};

/**
 * Expect a port to be started by the application.
 *
 * @param index  its place in CVIO_PORTS
 * @param spec   borrowed; must live as long as the process
 */
void ready_expect(uint16_t port_id, unsigned int index, const struct port_spec *spec);

/** All ports have been made: where there is none, the image is ready now. */
void ready_begin(void);

/** Look at a port; false if it is none of CVIO_PORTS. */
bool ready_port(uint16_t port_id, struct ready_port *port);
