/* SPDX-License-Identifier: BSD-3-Clause */
/* What the probe does once EAL is up: measure, row by row, or reflect. */
#pragma once

#include <signal.h>

struct cvio_error;
struct options;

/* The signal that asks the probe to end; 0: none. Set by a signal handler. */
extern volatile sig_atomic_t run_signal;

/**
 * Open all ports, wait for their peers, measure and report; with opt->echo reflect until a signal
 * comes.
 *
 * @param err  filled in if the return value is negative
 * @return     the exit status of options_help(), or a negative errno
 */
int run_measure(const struct options *opt, struct cvio_error *err);
int run_echo(const struct options *opt, struct cvio_error *err);
