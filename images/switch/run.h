/* SPDX-License-Identifier: BSD-3-Clause */
/* What the switch does once EAL is up. */
#pragma once

struct cvio_error;
struct options;

/**
 * Open all ports, forward until app_ended is set, print the counters.
 *
 * @param err  filled in if the return value is negative
 * @return     0 or a negative errno
 */
int run(const struct options *opt, struct cvio_error *err);
