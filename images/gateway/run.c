/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lcores: the receive queues of all ports are dealt out to them, and the main one prints the
 * counters beside.
 */
#include <stdio.h>

#include "common/app.h"
#include "common/lcores.h"
#include "gateway/forward.h"
#include "gateway/options.h"
#include "gateway/report.h"

static struct options options;
/* too large for a stack */
static struct ports ports;
static struct forward forwards[RTE_MAX_LCORE];

/* An lcore's share are receive queues, counted over all ports. */
static void share_poll(unsigned index, unsigned count)
{
	unsigned number = 0;

	for (unsigned i = 0; i < ports.count; i++)
		for (uint16_t q = 0; q < ports.port[i].queues; q++, number++)
			if (number % count == index)
				forward_queue(&forwards[index], i, q);
}

static void row_add(struct report_row *row, const struct direction *d)
{
	row->frames += __atomic_load_n(&d->frames, __ATOMIC_RELAXED);
	row->bytes += __atomic_load_n(&d->bytes, __ATOMIC_RELAXED);
	row->large += __atomic_load_n(&d->large, __ATOMIC_RELAXED);
	row->segments += __atomic_load_n(&d->segments, __ATOMIC_RELAXED);
	row->dropped += __atomic_load_n(&d->dropped, __ATOMIC_RELAXED);
}

/* Only directions that there are: all to the kernel, its own to port 0, and the fast ports'. */
static bool exists(unsigned from, unsigned to)
{
	unsigned kernel = ports.count - 1;

	if (from == kernel)
		return to == 0;
	if (to == kernel)
		return true;
	return options.kernel.count > 0 && (kernel == 2) == (from != to);
}

static void print(void)
{
	static const char *const names[] = {"0", "1"};
	struct report_row rows[PORTS_MAX * PORTS_MAX];
	unsigned n = 0, kernel = ports.count - 1;

	for (unsigned from = 0; from < ports.count; from++)
		for (unsigned to = 0; to < ports.count; to++) {
			if (!exists(from, to))
				continue;
			rows[n] = (struct report_row){
				.from = from == kernel ? "kernel" : names[from],
				.to = to == kernel ? "kernel"
				      : to == from ? "-"
						   : names[to],
			};
			for (unsigned i = 0; i < options.lcores; i++)
				row_add(&rows[n], &forwards[i].counted[from][to]);
			n++;
		}
	report_print(stdout, rows, n);
}

static void look(uint64_t tsc)
{
	(void)tsc;
	forward_tidy(&forwards[0]);
}

int app_run(struct cvio_error *err)
{
	static const struct lcores_work work = {share_poll, 1024, look, print};
	int rc = ports_open(&ports, &options, err);

	for (unsigned i = 0; i < options.lcores; i++)
		forwards[i] = (struct forward){.ports = &ports, .rules = &options.kernel};
	if (rc == 0)
		rc = lcores_run(&work, options.lcores, options.stats, err);
	ports_close(&ports);
	return rc;
}

const struct app app = {
	.name = "gateway",
	.options = &options_table,
	.opt = &options,
	.counts = true,
};
