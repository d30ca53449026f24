/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `cvio run`, as the user wrote it. */
#pragma once

#include <getopt.h>

#include <stdbool.h>

#include "pmd/grammar/words.h"

struct cvio_error;

/* What the parser takes; see longopts.h. */
extern const struct option run_longopts[];

/* Strings are borrowed from argv. */
struct run_options {
	const char *image;
	const char *name;   /* NULL: to be chosen */
	const char *memory; /* NULL: as the image has it */
	const char *cpus;   /* NULL: all */
	bool detach;
	bool tty;
	bool dry_run;
	bool force_unlabelled;
	bool help; /* then nothing else counts */
	struct words ports;
	struct words podman_args;
	struct words app_args;
};

/**
 * Parse the command line.
 *
 * @param options  zeroed before; to be freed whatever the result
 * @param err      -EINVAL, CVIO_EXIT_CONFIG
 */
int run_options_parse(int argc, char **argv, struct run_options *options, struct cvio_error *err);

void run_options_fini(struct run_options *options);

/** Whether the arguments for podman choose another user than the image's. */
bool run_options_change_user(const struct run_options *options);
