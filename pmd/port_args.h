/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a port of the grammar (port_spec.h) to the device of DPDK that is the port: its name
 * and its arguments, as
 * `--vdev=NAME,ARGS` or rte_vdev_init(NAME, ARGS) take them. MTU and the time to wait have no
 * device argument: port_hooks.c and the files of the kinds (port.h) see to them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "pmd/grammar/port_limits.h"
#include "pmd/grammar/port_spec.h"

#define PORT_ARGS_KERNEL_SIZE 1024 /* descriptors of a ring of a vhost-kernel port */

/* Room that is enough for any name and for any arguments. */
#define PORT_MTU_ONE_MBUF 1500 /* bytes: fits the usual mbuf of RTE_MBUF_DEFAULT_BUF_SIZE */

#define PORT_ARGS_NAME_LEN 32
#define PORT_ARGS_ARGS_LEN 256

/* What of the CPU the choice of ring features depends on. */
struct port_cpu {
	bool avx512; /* the AVX-512 subsets that the virtio driver's vectorized paths need, and may
			be used */
};

/* How a port is made: the ring features to offer to the backend of a vhost-user port, which takes a
 * subset, and the driver of a vhost-kernel port. */
struct port_choice {
	bool packed;
	bool mergeable;
	bool in_order;
	bool vectorized;
	bool tap; /* net_tap in place of virtio-user: there is no vhost-net */
};

/** The features to offer for a port, and no tap. For a vhost-backend port the result is of no use:
 * the frontend chooses there. */
struct port_choice port_choice_for(const struct port_spec *spec, const struct port_cpu *cpu);

/**
 * Print the device's name and arguments.
 *
 * @param spec    borrowed: a port as port_spec_parse() fills it in
 * @param index   the port's number, which makes the name unique and stands in errors
 * @param choice  borrowed; may be NULL for all but a vhost-user port, and means no tap then
 * @param name    filled in and terminated
 * @param args    filled in and terminated
 * @param err     on failure: its text; may be NULL
 * @return        0; -ENAMETOOLONG: the path doesn't fit a socket address; -EINVAL: DPDK's arguments
 * can't express the path, or its driver has fewer queues (these with CVIO_EXIT_CONFIG); -ENOSPC: no
 * room in name or args (CVIO_EXIT_SOFTWARE)
 */
int port_args_format(const struct port_spec *spec, unsigned int index,
	const struct port_choice *choice, char *name, size_t name_len, char *args, size_t args_len,
	struct cvio_error *err);

/** The bus of DPDK that has the device. */
const char *port_args_bus(const struct port_spec *spec);
