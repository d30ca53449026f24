/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a port does when the application configures, starts or asks it: what was negotiated is one
 * line, a backend that goes and comes back is one line each, and the port offers what a NIC would.
 *
 * Should: tell the boot when the application has started all ports. Mustn't: know the boot, or cost
 * anything where packets pass; only checksums do, for an application that asks for them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct port_spec;

/* A port of CVIO_PORTS as it is now. */
struct port_state {
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
void port_hooks_add(uint16_t port_id, unsigned int index, const struct port_spec *spec);

/**
 * All ports have been made: say when the application has started them.
 *
 * @param started  called once the application has started the last of them, in its thread; at once
 * where there is none
 */
void port_hooks_when_started(void (*started)(void));

/** Look at a port; false if it is none of CVIO_PORTS. */
bool port_state_get(uint16_t port_id, struct port_state *state);
