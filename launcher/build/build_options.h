/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `cvio build`. */
#pragma once

#include <getopt.h>

#include <stdbool.h>
#include <stddef.h>

struct cvio_error;

/* What the parser takes; see longopts.h. */
extern const struct option build_longopts[];

#define BUILD_CPUS_MAX 4
#define BUILD_NAME_MAX 256

struct build_options {
	const char *folder;               /* the context */
	const char *file;                 /* NULL: the context's Containerfile or Dockerfile */
	const char *sbom;                 /* NULL: the user's data folder */
	const char *cpus[BUILD_CPUS_MAX]; /* what to build for; none: as the Containerfile says */
	size_t cpu_count;
	char tag[BUILD_NAME_MAX]; /* with its ":TAG" */
	bool help;
};

/**
 * Read the command line, and make the name from the context's folder if none is given.
 *
 * @param argv  borrowed for as long as the options are used
 * @param err   -EINVAL, CVIO_EXIT_CONFIG; -ENOENT, LAUNCHER_EXIT_NO_IMAGE: no such folder
 */
int build_options_parse(int argc, char **argv, struct build_options *o, struct cvio_error *err);

/**
 * Write the name of a CPU's variant: NAME:CPU, and NAME:TAG-CPU where the tag isn't latest.
 */
void build_variant_tag(const char *tag, const char *cpu, char *text, size_t size);

/** Write the stem of the name's documents: hello, hello-1.0 or hello-x86-64-v2. */
void build_stem(const char *tag, char *text, size_t size);
