/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port grammar: how an operator, an environment variable or a file names one port of an image.
 *
 *     vhost-user:PATH[,server][,queues=N][,size=N][,ring=auto|packed|split][,mac=MAC][,mtu=N][,wait=SECONDS]
 *     vhost-backend:PATH[,client][,queues=N]
 *     vhost-kernel:IFNAME[,queues=N][,size=N][,mac=MAC][,mtu=N][,ip=ADDRESS/LENGTH][,netns=PATH][,fallback=tap]
 *     pci:ADDRESS[,mtu=N]
 *
 * PATH ends at the first comma, since DPDK's device arguments have no way to quote one; it can't
 * hold white space, since spaces separate ports. It may be longer than a socket address (107
 * bytes): the launcher mounts its folder under a short name. An option may be given once.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cvio_error;

#define PORT_TEXT_LEN (2 * PATH_MAX + 192)

#define PORT_MAX 32         /* ports of one image: RTE_MAX_ETHPORTS as DPDK is built here */
#define PORT_QUEUES_MAX 128 /* queue pairs: VHOST_MAX_QUEUE_PAIRS of DPDK's vhost library */
#define PORT_SIZE_MIN \
	32 /* descriptors: the PMD's packed Rx path works in batches up to a cache line of them */
#define PORT_SIZE_MAX 32768 /* descriptors: the virtio 1.1 specification, 2.6 */
#define PORT_MTU_MIN 68     /* bytes: RFC 791, and virtio's VIRTIO_NET_F_MTU */
#define PORT_MTU_MAX \
	9698 /* bytes: the PMD's VIRTIO_MAX_RX_PKTLEN less Ethernet, VLAN and virtio headers */
#define PORT_WAIT_DEFAULT 30 /* seconds */
#define PORT_WAIT_MAX 86400  /* seconds */
#define PORT_IFNAME_MAX 15   /* bytes: IFNAMSIZ of Linux less the terminating zero */
#define PORT_IP_LEN 50       /* room for an address with its length: INET6_ADDRSTRLEN and "/128" */

enum port_kind {
	PORT_VHOST_USER,    /* a virtio-user port on a vhost-user backend (a switch) */
	PORT_VHOST_BACKEND, /* a vhost-user backend: this image is the switch */
	PORT_VHOST_KERNEL,  /* a virtio-user port on the kernel's vhost-net and a tap interface */
	PORT_PCI,           /* a NIC, bound to vfio-pci */
	PORT_KINDS,
};

enum port_ring {
	PORT_RING_AUTO,
	PORT_RING_PACKED,
	PORT_RING_SPLIT,
	PORT_RINGS,
};

struct port_spec {
	enum port_kind kind;
	char path[PATH_MAX]; /* the socket, the interface's name, or the NIC's address in full */
	bool server;         /* this side makes the socket; for vhost-backend that is the default */
	uint16_t queues;     /* queue pairs, 1..PORT_QUEUES_MAX */
	uint16_t size;       /* descriptors of a ring, a power of two; 0: the driver's default */
	enum port_ring ring;
	bool has_mac;
	uint8_t mac[6];
	uint16_t mtu;         /* bytes; 0: not given */
	uint32_t wait;        /* seconds to wait for the other side */
	char ip[PORT_IP_LEN]; /* of the interface, for the launcher; "": none */
	char netns[PATH_MAX]; /* that the launcher puts the interface into; "": the host's */
	bool fallback_tap;    /* without vhost-net: by DPDK's net_tap; false: that is an error */
};

/**
 * Parse one port.
 *
 * @param text  borrowed, not NULL
 * @param spec  filled in on success, with defaults where the text is silent; undefined after a
 * failure
 * @param err   on failure: CVIO_EXIT_CONFIG and a text that names the value and what is allowed;
 * may be NULL
 * @return      0, or -EINVAL
 */
int port_spec_parse(const char *text, struct port_spec *spec, struct cvio_error *err);

/**
 * Parse ports separated by white space, as in CVIO_PORTS.
 *
 * @param text   borrowed; NULL or blank means no port
 * @param specs  room for max ports
 * @param err    as above; -E2BIG (more than max ports) and a path named twice (-EINVAL) are also
 * CVIO_EXIT_CONFIG
 * @return       the number of ports, or a negative errno
 */
int port_spec_list_parse(
	const char *text, struct port_spec *specs, size_t max, struct cvio_error *err);

/**
 * Print a port in the grammar; what has its default is left out. Parsing the result gives the same
 * port again.
 *
 * @param buf  filled in and terminated
 * @param len  its size; PORT_TEXT_LEN is always enough
 * @return     the length, or -ENOSPC
 */
int port_spec_format(const struct port_spec *spec, char *buf, size_t len);
