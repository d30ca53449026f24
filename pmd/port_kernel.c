/* SPDX-License-Identifier: BSD-3-Clause */
/* A tap of the kernel's, by vhost-net; or by DPDK's net_tap, where the port allows it. */
#include "pmd/port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "pmd/grammar/port_limits.h"
#include "pmd/log.h"

/* Why a device of the kernel can't be opened, and what to do; the launcher passes and opens it. */
static int device_check(
	const struct port *port, const char *path, const char *module, struct cvio_error *err)
{
	char what[192];

	if (access(path, R_OK | W_OK) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM)
		snprintf(what, sizeof(what),
			"%s: uid %u may not open it; give it the device's group", path,
			(unsigned int)getauxval(AT_UID));
	else
		snprintf(what, sizeof(what),
			"%s: %s; is the kernel module %s loaded, and the device passed to the "
			"container?",
			path, strerror(errno), module);
	return port_fail(port, -errno, err, what);
}

/* DPDK would make a tap that isn't there, which a container may not: its lines say only EPERM. */
int port_kernel_make(struct port *port, struct cvio_error *err)
{
	int ret = port->tap ? 0 : device_check(port, PORT_DEV_VHOST_NET, "vhost_net", err);

	if (ret == 0)
		ret = device_check(port, PORT_DEV_TUN, "tun", err);
	if (ret < 0)
		return ret;
	return port_device_make(port, err,
		port->tap ? "the tap can't be had: it has to be in the container's network, "
			    "multi_queue and of this uid; `cvio run` makes it so; or has the image "
			    "no driver net_tap? see the lines above"
			  : "the tap can't be had: it has to be in the container's network, "
			    "multi_queue, vnet_hdr, of this uid and used by nobody else; `cvio "
			    "run` makes it so; see the lines above");
}

/* Only where it was asked for: it is slower, and has no LRO. */
bool port_kernel_falls_back(const struct port *port)
{
	int fd;

	if (!port->spec->fallback_tap)
		return false;
	fd = open(
		PORT_DEV_VHOST_NET, O_RDWR | O_CLOEXEC); /* a node may be there without a module */
	if (fd >= 0) {
		close(fd);
		return false;
	}
	log_line(LOG_LEVEL_NOTICE,
		"port %u: %s: " PORT_DEV_VHOST_NET ": %s; by DPDK's net_tap instead, as "
		"fallback=tap has it",
		port->index, port->spec->path, strerror(errno));
	return true;
}
