/* SPDX-License-Identifier: BSD-3-Clause */
/* A port that is the vhost-user backend itself: net_vhost listens or connects in a thread of its
 * own, so nothing is waited for. */
#include "pmd/port.h"

#include <errno.h>

int port_backend_make(struct port *port, struct cvio_error *err)
{
	if (port->spec->server) {
		int ret = port_server_prepare(port, err);

		if (ret < 0)
			return ret;
	}
	if (port_attach(port) == 0)
		return 0;
	return port_fail(port, -ENODEV, err,
		"DPDK can't make the backend; does the image have the driver net_vhost?");
}
