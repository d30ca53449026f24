/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * testpmd has commands of single NICs' drivers, which it calls directly wherever DPDK was built
 * with them. DPDK is, for the SDK's sake; but the image has no PCI devices, and these calls would
 * draw the drivers in. Included before each of testpmd's files, which stay as they are.
 */
#ifndef WITHOUT_PCI_H
#define WITHOUT_PCI_H

#include <rte_config.h>

#undef RTE_NET_BNXT
#undef RTE_NET_BOND
#undef RTE_NET_I40E
#undef RTE_NET_IXGBE
#undef RTE_NET_MLX5

#endif
