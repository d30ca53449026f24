/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A port on its way to be one of DPDK, and what its kinds have in common. For ports.c and the file
 * of each kind: port_client.c, port_server.c, port_backend.c, port_kernel.c, port_nic.c.
 *
 * Each kind has one function that plugs the port in, or says why that can't be.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/port_spec.h"
#include "pmd/port_args.h"

#define PORT_SECOND_NS INT64_C(1000000000)
/* 50 tries a second: a switch's restart isn't prolonged noticeably */
#define PORT_RETRY_NS 20000000
/* a backend that is there answers within milliseconds */
#define PORT_ANSWER_NS (5 * PORT_SECOND_NS)

struct port {
	const struct port_spec *spec;
	enum port_ring ring; /* what is offered: the specification's, or split for a second try */
	unsigned int index;
	bool tap;    /* of vhost-kernel: net_tap, without vhost-net */
	bool loud;   /* leave DPDK's lines as they are */
	uint16_t id; /* DPDK's, once it is made */
	char name[PORT_ARGS_NAME_LEN];
	char args[PORT_ARGS_ARGS_LEN];
};

/** Plug a port in, by its name and arguments; 0 or what DPDK answers. */
int port_attach(const struct port *port);

/** The same. A call that blocks is interrupted after some nanoseconds (alarm.h). */
int port_attach_within(const struct port *port, int64_t ns);

/** Put into err, which becomes CVIO_EXIT_UNAVAILABLE, what is wrong with a port; returns result. */
int port_fail(const struct port *port, int result, struct cvio_error *err, const char *what);

/** Plug in a device that is there at once or never; `what` goes into err if it isn't there. */
int port_device_make(struct port *port, struct cvio_error *err, const char *what);

/** Connect to a vhost-user backend, which may come within `wait`. */
int port_client_make(struct port *port, struct cvio_error *err);

/** Listen for a vhost-user backend, which may come within `wait`. */
int port_server_make(struct port *port, struct cvio_error *err);

/** Make room for the socket that a port will listen on, and have it removed at the end. */
int port_server_prepare(const struct port *port, struct cvio_error *err);

/** Be a vhost-user backend, which waits for nobody. */
int port_backend_make(struct port *port, struct cvio_error *err);

/** Take a tap of the kernel. */
int port_kernel_make(struct port *port, struct cvio_error *err);

/** Whether a port with fallback=tap has to do without vhost-net, which is one line then. */
bool port_kernel_falls_back(const struct port *port);

/** Take a NIC. */
int port_nic_make(struct port *port, struct cvio_error *err);
