/* SPDX-License-Identifier: BSD-3-Clause */
/* A subcommand: what main dispatches to, and what help and completion tell of it. */
#pragma once

struct cvio_error;
struct option;

struct command {
	const char *name;
	/* Returns the status to exit with, or a negative errno with err filled in. argv[0] is the
	 * name. */
	int (*run)(int argc, char **argv, struct cvio_error *err);
	const char *line;             /* what it does, for the overview; NULL: not for users */
	const char *usage;            /* what --help prints, with its last newline */
	const struct option *options; /* what its parser takes, see longopts.h; NULL: only --help */
};
