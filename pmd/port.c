/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/port.h"

#include <errno.h>

#include <rte_dev.h>
#include <rte_log.h>

#include "pmd/alarm.h"

/* An attempt that fails may be one of many; DPDK writes three lines of error for each. */
int port_attach(const struct port *port)
{
	uint32_t level = rte_log_get_global_level();
	int ret;

	if (!port->loud)
		rte_log_set_global_level(RTE_LOG_CRIT);
	ret = rte_eal_hotplug_add(port_args_bus(port->spec), port->name, port->args);
	rte_log_set_global_level(level);
	return ret;
}

int port_fail(const struct port *port, int result, struct cvio_error *err, const char *what)
{
	return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, result, "port %u: %s: %s", port->index,
		port->spec->path, what);
}

/* A backend may take the connection and then not answer: its recv() would have no end. */
int port_attach_within(const struct port *port, int64_t ns)
{
	int ret;

	alarm_set(ns);
	ret = port_attach(port);
	alarm_clear();
	return ret;
}

/* A device that is there at once or never: if not, say it with DPDK's own lines. */
int port_device_make(struct port *port, struct cvio_error *err, const char *what)
{
	if (port_attach(port) == 0)
		return 0;
	port->loud = true;
	if (port_attach(port) == 0)
		return 0;
	return port_fail(port, -ENODEV, err, what);
}
