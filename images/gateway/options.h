/* SPDX-License-Identifier: BSD-3-Clause */
/* The gateway's options: what follows `--` on its command line. Pure, for its tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "gateway/rules.h"

struct cvio_error;

struct options {
	struct rules kernel; /* which frames go to the kernel port */
	uint32_t lcores;     /* how many forward */
	uint32_t mtu;        /* bytes, of all ports; 0: as the drivers have it */
	uint32_t stats;      /* seconds from one table to the next; 0: none */
	bool no_offloads;    /* checksums, LRO and TSO are left to neither side */
	bool help;
};

/**
 * Parse a command line; its first word is the program's name.
 *
 * @param argv  borrowed, left as it is
 * @param opt   filled in, with defaults where the words are silent; undefined after a failure
 * @param err   on failure: CVIO_EXIT_CONFIG and a text that names the option, its value and what is
 * allowed
 * @return      0, or -EINVAL
 */
int options_parse(int argc, char **argv, struct options *opt, struct cvio_error *err);

/** Print the usage. */
void options_help(FILE *out);
