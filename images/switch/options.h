/* SPDX-License-Identifier: BSD-3-Clause */
/* The switch's options: what follows `--` on its command line. Pure, for its tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/options.h"

struct options {
	uint32_t ageing; /* seconds */
	uint32_t lcores; /* how many receive */
	uint32_t stats;  /* seconds from one table to the next; 0: none */
};

extern const struct app_options options_table;
