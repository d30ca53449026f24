/* SPDX-License-Identifier: BSD-3-Clause */
/* A NIC, by vfio-pci. */
#include "pmd/port.h"

int port_nic_make(struct port *port, struct cvio_error *err)
{
	return port_device_make(port, err,
		"DPDK can't have the NIC; is it bound to vfio-pci, are /dev/vfio/vfio and its "
		"group in the container, and has the image its driver? see the lines above");
}
