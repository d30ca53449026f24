/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What `cvio run` would do: the command line, the image and this host brought together into a plan.
 * Nothing is made.
 */
#pragma once

#include "host/host.h"
#include "image/image.h"
#include "image/variant.h"
#include "pmd/grammar/memory_spec.h"
#include "ports/ports.h"
#include "run/plan.h"
#include "run/run_options.h"

struct run {
	struct run_options options;
	struct image image;
	struct variant variant;
	struct contract contract; /* of the labels, where there are any */
	bool labelled;
	struct image_user user;
	const struct image_user *check_user; /* NULL: permissions are the engine's matter */
	struct ports ports;
	char *ports_text;
	char memory[32];
	struct memory_spec memory_spec; /* of size 0: nothing is known */
	char cpus[HOST_CPUS_TEXT];
	char nodes[256];
	char lcores[2048];
	char run_id[24];
	struct run_plan plan;                /* borrows from all of these */
	const struct memory_spec *hugetlbfs; /* one of its own: memory_spec; NULL: none */
	bool later;                          /* see run_parse() */
};

/**
 * Parse a command line.
 *
 * @param argv   borrowed for as long as the run lives; argv[0] is the subcommand's name
 * @param later  it is to start at another time: what this host lacks now is told on standard error
 *               and no error, and the plan has nothing that is there for one start only
 * @param run    filled in; to be freed whatever the result
 * @param err    -EINVAL, CVIO_EXIT_CONFIG
 */
int run_parse(int argc, char **argv, bool later, struct run *run, struct cvio_error *err);

/**
 * Look at the image and the host, and make the plan. Not if the options ask for help.
 *
 * @param err  as cvio-run(1) lists them
 */
int run_make(struct run *run, struct cvio_error *err);

void run_fini(struct run *run);

#define _run_cleanup_ __attribute__((cleanup(run_fini)))
