/* SPDX-License-Identifier: BSD-3-Clause */
/* The command lines of `cvio up` and `cvio down`. */
#pragma once

#include <getopt.h>

#include <stdbool.h>

struct cvio_error;

/* What the parser takes; see longopts.h. */
extern const struct option up_longopts[];
extern const struct option down_longopts[];

struct chain_options {
	const char *file;  /* borrowed */
	const char *chain; /* down's alternative to a file; NULL: not given */
	bool dry_run, help;
};

/** Parse; up: else down, which takes a chain's name and no --dry-run. -EINVAL, CVIO_EXIT_CONFIG. */
int chain_options_parse(
	int argc, char **argv, bool up, struct chain_options *options, struct cvio_error *err);
