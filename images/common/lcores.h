/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of an application that does the same over and over until a signal ends it. */
#pragma once

#include <stdint.h>

struct cvio_error;

struct lcores_work {
	/* What one lcore does: its share is number index of count. */
	void (*round)(unsigned index, unsigned count);
	/* What the main lcore does as well after so many rounds: reading the clock takes as long as
	 * polling a port or two. */
	unsigned rounds;
	void (*look)(uint64_t tsc);
	void (*print)(void); /* the counters, on the main lcore */
};

/**
 * Share out the work until app_ended is set. The counters are printed when SIGUSR1 asks for them,
 * every so often, and at the end.
 *
 * @param work   borrowed until the return
 * @param count  lcores to use
 * @param stats  seconds from one print of the counters to the next; 0: not by the clock
 * @param err    on failure: CVIO_EXIT_CONFIG
 * @return       0, or -EINVAL where there are fewer lcores
 */
int lcores_run(
	const struct lcores_work *work, uint32_t count, uint32_t stats, struct cvio_error *err);
