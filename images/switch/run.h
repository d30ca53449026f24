/* SPDX-License-Identifier: BSD-3-Clause */
/* What the switch does once EAL is up. */
#pragma once

#include <signal.h>

struct cvio_error;
struct options;

/* Set by signal handlers. */
extern volatile sig_atomic_t run_ended;  /* the switch is to end */
extern volatile sig_atomic_t run_report; /* the counters are to be printed */

/**
 * Open all ports, forward until run_ended is set, print the counters.
 *
 * @param err  filled in if the return value is negative
 * @return     0 or a negative errno
 */
int run(const struct options *opt, struct cvio_error *err);
