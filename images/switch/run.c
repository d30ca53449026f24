/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lcores: each forwards what comes in on its ports, and the main one does beside it what is due
 * now and then. It looks at the clock every so many rounds only, since reading it takes as long as
 * polling a port or two.
 */
#include "switch/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_random.h>

#include "common/app.h"
#include "pmd/grammar/error.h"
#include "switch/forward.h"
#include "switch/options.h"
#include "switch/ports.h"
#include "switch/report.h"
#include "switch/table.h"

#define TICKS_PER_SECOND 50
#define ROUNDS_PER_LOOK 32

/* too large for a stack */
static struct ports ports;
static struct table table;

struct worker {
	struct forward forward;
	unsigned first, step; /* its ports: first, first + step, ... */
};

static struct worker workers[RTE_MAX_LCORE];
static uint32_t now; /* seconds since the start; the main lcore sets it */

static uint32_t now_read(void)
{
	return __atomic_load_n(&now, __ATOMIC_RELAXED);
}

static void worker_round(struct worker *w)
{
	uint32_t seconds = now_read();

	for (unsigned i = w->first; i < ports.count; i += w->step)
		forward_port(&w->forward, i, seconds);
}

static int worker_main(void *arg)
{
	while (!app_ended)
		worker_round(arg);
	return 0;
}

static void print(void)
{
	struct report_row rows[PORTS_MAX];
	unsigned addresses[TABLE_PORTS];
	uint32_t up = ports_up(&ports);

	table_count(&table, now_read(), addresses);
	for (unsigned i = 0; i < ports.count; i++) {
		const struct port *port = &ports.port[i];
		const struct port_received *in = &port->received;
		const struct port_sent *out = &port->sent;

		rows[i] = (struct report_row){
			.up = up >> i & 1,
			.addresses = addresses[i],
			.path = port->path,
			.rx_frames = __atomic_load_n(&in->frames, __ATOMIC_RELAXED),
			.rx_bytes = __atomic_load_n(&in->bytes, __ATOMIC_RELAXED),
			.tx_frames = __atomic_load_n(&out->frames, __ATOMIC_RELAXED),
			.tx_bytes = __atomic_load_n(&out->bytes, __ATOMIC_RELAXED),
			.dropped = __atomic_load_n(&out->dropped, __ATOMIC_RELAXED),
			.flooded = __atomic_load_n(&in->flooded, __ATOMIC_RELAXED),
			.filtered = __atomic_load_n(&in->filtered, __ATOMIC_RELAXED),
			.learned = __atomic_load_n(&in->learned, __ATOMIC_RELAXED),
			.moved = __atomic_load_n(&in->moved, __ATOMIC_RELAXED),
		};
	}
	report_print(stdout, rows, ports.count);
}

static void changes_tell(uint32_t *told)
{
	uint32_t up = ports_up(&ports), changed = up ^ *told;

	for (; changed != 0; changed &= changed - 1) {
		unsigned i = (unsigned)__builtin_ctz(changed);

		fprintf(stderr, "switch: port %u: %s: %s\n", i, ports.port[i].path,
			up >> i & 1 ? "up" : "down");
	}
	*told = up;
}

struct clock {
	uint64_t hz, start, next_tick;
	uint32_t next_sweep, next_stats; /* seconds */
	uint32_t told;                   /* set of ports that were said to be up */
};

static void tick(struct clock *c, const struct options *opt)
{
	uint64_t tsc = rte_rdtsc();
	uint32_t seconds;

	if (tsc < c->next_tick)
		return;
	c->next_tick = tsc + c->hz / TICKS_PER_SECOND;
	seconds = (uint32_t)((tsc - c->start) / c->hz);
	__atomic_store_n(&now, seconds, __ATOMIC_RELAXED);
	changes_tell(&c->told);
	if (seconds >= c->next_sweep) {
		table_sweep(&table, seconds);
		c->next_sweep = seconds + 1;
	}
	if (app_report || (opt->stats > 0 && seconds >= c->next_stats)) {
		app_report = 0;
		print();
		c->next_stats = seconds + opt->stats;
	}
}

static int forward(const struct options *opt, struct cvio_error *err)
{
	uint64_t start = rte_rdtsc();
	struct clock c = {.hz = rte_get_tsc_hz(), .start = start, .next_stats = opt->stats};
	unsigned n = 0, lcore;

	if (opt->lcores > rte_lcore_count())
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--lcores %u: there are %u; give the container more CPUs", opt->lcores,
			rte_lcore_count());
	for (unsigned i = 0; i < opt->lcores; i++)
		workers[i] = (struct worker){
			.forward = {.ports = &ports, .table = &table},
			.first = i,
			.step = opt->lcores,
		};
	RTE_LCORE_FOREACH_WORKER (lcore)
		if (++n < opt->lcores)
			rte_eal_remote_launch(worker_main, &workers[n], lcore);
	while (!app_ended) {
		for (unsigned i = 0; i < ROUNDS_PER_LOOK; i++)
			worker_round(&workers[0]);
		tick(&c, opt);
	}
	rte_eal_mp_wait_lcore();
	print();
	return 0;
}

int run(const struct options *opt, struct cvio_error *err)
{
	int rc;

	table_init(&table, rte_rand(), opt->ageing);
	rc = ports_open(&ports, &table, err);
	if (rc == 0)
		rc = forward(opt, err);
	ports_close(&ports);
	return rc;
}
