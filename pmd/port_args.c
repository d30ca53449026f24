/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The translation of ports to DPDK's virtual devices. What DPDK would get wrong without a word is
 * refused here: a path that it cuts to the size of a socket address, and one that its splitter of
 * arguments (rte_kvargs) tears apart: it takes any
 * '=' for the end of a key and anything after a '[' for one list, up to the ']'.
 */
#include "pmd/port_args.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pmd/grammar/error.h"

#define MAC_ARG_LEN 24 /* bytes: ",mac=" and an address with its terminating zero */

/*
 * Measured by tests/bench/rings.sh: 64-byte frames through l2fwd, one core each, frames a second as
 * a ratio to the driver's own default, a split ring with mergeable buffers: packed 1.4, packed with
 * vectorized Tx 1.7, with vectorized Rx as well 1.8, split without mergeable buffers 1.3.
 * Vectorized Rx excludes mergeable buffers, and so frames larger than an mbuf: not worth the
 * difference.
 */
struct port_choice port_choice_for(const struct port_spec *spec, const struct port_cpu *cpu)
{
	bool packed = spec->ring != PORT_RING_SPLIT;

	return (struct port_choice){
		.packed = packed,
		.mergeable = packed || spec->mtu > PORT_MTU_ONE_MBUF,
		.in_order = true,
		.vectorized = packed && cpu->avx512,
	};
}

/* the argument of the drivers that take an address; "" without one */
static void mac_arg(const struct port_spec *spec, char mac[static MAC_ARG_LEN])
{
	const uint8_t *m = spec->mac;

	mac[0] = '\0';
	if (spec->has_mac)
		snprintf(mac, MAC_ARG_LEN, ",mac=%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2],
			m[3], m[4], m[5]);
}

/* vhost-net has no packed rings, and its how-to in DPDK's documentation has rings of this size. */
static int kernel_args(const struct port_spec *spec, bool tap, char *args, size_t args_len)
{
	char mac[MAC_ARG_LEN];

	mac_arg(spec, mac);
	if (tap) /* `queues` is ours: packagefiles/dpdk-22.11/0021 */
		return snprintf(
			args, args_len, "iface=%s,queues=%u%s", spec->path, spec->queues, mac);
	return snprintf(args, args_len,
		"path=" PORT_DEV_VHOST_NET ",iface=%s,queues=%u,queue_size=%d%s", spec->path,
		spec->queues, spec->size != 0 ? spec->size : PORT_ARGS_KERNEL_SIZE, mac);
}

static int path_check(const char *path, unsigned int index, struct cvio_error *err)
{
	const char *open = strrchr(path, '['), *close = strrchr(path, ']');
	size_t len = strlen(path);

	if (len > PORT_SOCKET_PATH_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENAMETOOLONG,
			"port %u: %.*s...: the path has %zu bytes, but a unix socket address holds "
			"%d: "
			"use a shorter path, or `cvio run`, which mounts the folder under a short "
			"name",
			index, PORT_SOCKET_PATH_MAX, path, len, PORT_SOCKET_PATH_MAX);
	if (strchr(path, '=') != NULL || (open != NULL && (close == NULL || close < open)))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %u: %s: DPDK's device arguments can't hold a path with = or with a [ "
			"that "
			"isn't closed: use another path",
			index, path);
	return 0;
}

static int user_args(
	const struct port_spec *spec, const struct port_choice *choice, char *args, size_t args_len)
{
	char size[24] = "", mac[MAC_ARG_LEN];

	if (spec->size != 0)
		snprintf(size, sizeof(size), ",queue_size=%u", spec->size);
	mac_arg(spec, mac);
	return snprintf(args, args_len,
		"path=%s,queues=%u%s%s,packed_vq=%d,mrg_rxbuf=%d,in_order=%d,vectorized=%d%s",
		spec->path, spec->queues, size, spec->server ? ",server=1" : "", choice->packed,
		choice->mergeable, choice->in_order, choice->vectorized, mac);
}

static int device_args(
	const struct port_spec *spec, const struct port_choice *choice, char *args, size_t args_len)
{
	switch (spec->kind) {
	case PORT_VHOST_USER:
		return user_args(spec, choice, args, args_len);
	case PORT_VHOST_KERNEL:
		return kernel_args(spec, choice != NULL && choice->tap, args, args_len);
	case PORT_VHOST_BACKEND:
		return snprintf(args, args_len, "iface=%s,queues=%u,client=%d", spec->path,
			spec->queues, !spec->server);
	default: /* a NIC has none */
		return snprintf(args, args_len, "%s", "");
	}
}

int port_args_format(const struct port_spec *spec, unsigned int index,
	const struct port_choice *choice, char *name, size_t name_len, char *args, size_t args_len,
	struct cvio_error *err)
{
	bool virtio = spec->kind == PORT_VHOST_USER || spec->kind == PORT_VHOST_KERNEL;
	bool tap = choice != NULL && choice->tap && spec->kind == PORT_VHOST_KERNEL;
	int ret = path_check(spec->path, index, err), n;

	if (ret < 0)
		return ret;
	if (virtio && spec->queues > PORT_USER_QUEUES_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %u: %s: queues=%u: DPDK's virtio driver has at most %d queue pairs",
			index, spec->path, spec->queues, PORT_USER_QUEUES_MAX);
	if (spec->kind == PORT_PCI)
		n = snprintf(name, name_len, "%s", spec->path);
	else
		n = snprintf(name, name_len, "%s%u",
			tap      ? "net_tap"
			: virtio ? "virtio_user"
				 : "eth_vhost",
			index);
	if ((size_t)n >= name_len)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOSPC,
			"port %u: no room for the device's name", index);
	n = device_args(spec, choice, args, args_len);
	if ((size_t)n >= args_len)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOSPC,
			"port %u: no room for the device's arguments", index);
	return 0;
}

const char *port_args_bus(const struct port_spec *spec)
{
	return spec->kind == PORT_PCI ? "pci" : "vdev";
}
