/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lcores: the receive queues of all ports are dealt out to them, and the main one prints the
 * counters beside. It looks at the clock every so many rounds only, since reading it takes as long
 * as polling a port or two.
 */
#include "gateway/run.h"

#include <errno.h>
#include <stdio.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "common/app.h"
#include "gateway/forward.h"
#include "gateway/options.h"
#include "gateway/report.h"
#include "pmd/grammar/error.h"

#define ROUNDS_PER_LOOK 1024

/* too large for a stack */
static struct ports ports;

struct worker {
	struct forward forward;
	unsigned first, step; /* its receive queues, counted over all ports */
};

static struct worker workers[RTE_MAX_LCORE];

static void worker_round(struct worker *w)
{
	unsigned number = 0;

	for (unsigned i = 0; i < ports.count; i++)
		for (uint16_t q = 0; q < ports.port[i].queues; q++, number++)
			if (number % w->step == w->first)
				forward_queue(&w->forward, i, q);
}

static int worker_main(void *arg)
{
	while (!app_ended)
		worker_round(arg);
	return 0;
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
static bool exists(unsigned from, unsigned to, const struct options *opt)
{
	unsigned kernel = ports.count - 1;

	if (from == kernel)
		return to == 0;
	if (to == kernel)
		return true;
	return opt->kernel.count > 0 && (kernel == 2) == (from != to);
}

static void print(const struct options *opt)
{
	static const char *const names[] = {"0", "1"};
	struct report_row rows[PORTS_MAX * PORTS_MAX];
	unsigned n = 0, kernel = ports.count - 1;

	for (unsigned from = 0; from < ports.count; from++)
		for (unsigned to = 0; to < ports.count; to++) {
			if (!exists(from, to, opt))
				continue;
			rows[n] = (struct report_row){
				.from = from == kernel ? "kernel" : names[from],
				.to = to == kernel ? "kernel"
				      : to == from ? "-"
						   : names[to],
			};
			for (unsigned i = 0; i < opt->lcores; i++)
				row_add(&rows[n], &workers[i].forward.counted[from][to]);
			n++;
		}
	report_print(stdout, rows, n);
}

static void look(const struct options *opt, uint64_t *next)
{
	bool due = opt->stats > 0 && rte_rdtsc() >= *next;

	if (!due && !app_report)
		return;
	app_report = 0;
	print(opt);
	*next = rte_rdtsc() + opt->stats * rte_get_tsc_hz();
}

static int forward(const struct options *opt, struct cvio_error *err)
{
	uint64_t next = rte_rdtsc() + opt->stats * rte_get_tsc_hz();
	unsigned n = 0, lcore;

	if (opt->lcores > rte_lcore_count())
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--lcores %u: there are %u; give the container more CPUs", opt->lcores,
			rte_lcore_count());
	for (unsigned i = 0; i < opt->lcores; i++)
		workers[i] = (struct worker){
			.forward = {.ports = &ports, .rules = &opt->kernel},
			.first = i,
			.step = opt->lcores,
		};
	RTE_LCORE_FOREACH_WORKER (lcore)
		if (++n < opt->lcores)
			rte_eal_remote_launch(worker_main, &workers[n], lcore);
	while (!app_ended) {
		for (unsigned i = 0; i < ROUNDS_PER_LOOK && !app_ended; i++)
			worker_round(&workers[0]);
		forward_tidy(&workers[0].forward);
		look(opt, &next);
	}
	rte_eal_mp_wait_lcore();
	print(opt);
	return 0;
}

int run(const struct options *opt, struct cvio_error *err)
{
	int rc = ports_open(&ports, opt, err);

	if (rc == 0)
		rc = forward(opt, err);
	ports_close(&ports);
	return rc;
}
