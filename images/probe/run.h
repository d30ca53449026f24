/* SPDX-License-Identifier: BSD-3-Clause */
/* What the probe does once EAL is up: measure, row by row, or reflect. */
#pragma once

struct cvio_error;
struct options;

/**
 * Open all ports, wait for their peers, measure and report; or reflect until a signal
 * comes.
 *
 * @param err  filled in if the return value is negative
 * @return     the exit status of the usage, or a negative errno
 */
int run_measure(const struct options *opt, struct cvio_error *err);
int run_echo(const struct options *opt, struct cvio_error *err);
