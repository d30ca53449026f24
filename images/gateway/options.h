/* SPDX-License-Identifier: BSD-3-Clause */
/* The gateway's options: what follows `--` on its command line. Pure, for its tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/options.h"
#include "gateway/rules.h"

struct options {
	struct rules kernel; /* which frames go to the kernel port */
	uint32_t lcores;     /* how many forward */
	uint32_t mtu;        /* bytes, of all ports; 0: as the drivers have it */
	uint32_t stats;      /* seconds from one table to the next; 0: none */
	bool no_offloads;    /* checksums, LRO and TSO are left to neither side */
};

extern const struct app_options options_table;
