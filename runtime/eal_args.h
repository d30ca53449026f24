/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The argument vector that EAL gets: the runtime's arguments, then CVIO_EAL_ARGS, then the
 * application's own. What the application or CVIO_EAL_ARGS says itself wins: the runtime leaves out
 * what would contradict it.
 */
#pragma once

#include <stdbool.h>

#include "pmd/log.h"
#include "runtime/memory.h"

struct cvio_error;

struct eal_args {
	int argc;
	char **argv; /* terminated by NULL; its strings are owned here but for the application's own
		      */
	bool telemetry; /* the user asks EAL for it; else the runtime serves it (telemetry.h) */
	int app_first; /* where the application's arguments begin, behind the name of the program */
};

struct eal_wishes {
	const char *lcores; /* an EAL lcore map */
	const struct memory_plan *memory;
	enum log_level log;
	const char *extra; /* CVIO_EAL_ARGS; NULL: none */
	bool pci;          /* a port is a NIC; it is plugged in later */
};

/**
 * Whether an EAL option stands before "--".
 *
 * @param name  "--lcores" finds --lcores X and --lcores=X, "-l" finds -l X and -lX; so does the
 * beginning of a long option
 */
bool eal_args_have(int argc, char *const *argv, const char *name);

/**
 * Put the vector together.
 *
 * @param argc,argv  the application's, as it called rte_eal_init(); borrowed
 * @param args       filled in; lives as long as the process, since EAL keeps pointers into it
 * @param err        CVIO_EXIT_CONFIG: CVIO_EAL_ARGS has an open quote or a "--"; CVIO_EXIT_MEMORY:
 * no memory
 * @return           0 or a negative errno
 */
int eal_args_build(int argc, char **argv, const struct eal_wishes *wishes, struct eal_args *args,
	struct cvio_error *err);

/**
 * Hand EAL's result back to the application, in terms of its own vector: EAL may have moved options
 * in front of the other arguments, and counts what it has parsed.
 *
 * @param parsed  what EAL's initialisation returned, not negative
 * @return        what the application's rte_eal_init() is to return
 */
int eal_args_return(const struct eal_args *args, int parsed, int argc, char **argv);
