/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lcores: each forwards what comes in on its ports, and the main one does beside it what is due
 * now and then.
 */
#include <stdio.h>

#include <rte_cycles.h>
#include <rte_random.h>

#include "common/app.h"
#include "common/lcores.h"
#include "switch/forward.h"
#include "switch/options.h"
#include "switch/ports.h"
#include "switch/report.h"
#include "switch/table.h"

#define TICKS_PER_SECOND 50

static struct options options;
/* too large for a stack */
static struct ports ports;
static struct table table;
static struct forward forwards[RTE_MAX_LCORE];
static uint32_t now; /* seconds since the start; the main lcore sets it */

static uint32_t now_read(void)
{
	return __atomic_load_n(&now, __ATOMIC_RELAXED);
}

static void share_poll(unsigned index, unsigned count)
{
	uint32_t seconds = now_read();

	for (unsigned i = index; i < ports.count; i += count)
		forward_port(&forwards[index], i, seconds);
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

static struct {
	uint64_t hz, start, next_tick;
	uint32_t next_sweep; /* seconds */
	uint32_t told;       /* set of ports that were said to be up */
} due;

static void look(uint64_t tsc)
{
	uint32_t seconds;

	if (tsc < due.next_tick)
		return;
	due.next_tick = tsc + due.hz / TICKS_PER_SECOND;
	seconds = (uint32_t)((tsc - due.start) / due.hz);
	__atomic_store_n(&now, seconds, __ATOMIC_RELAXED);
	changes_tell(&due.told);
	if (seconds >= due.next_sweep) {
		table_sweep(&table, seconds);
		due.next_sweep = seconds + 1;
	}
}

int app_run(struct cvio_error *err)
{
	static const struct lcores_work work = {share_poll, 32, look, print};
	int rc;

	table_init(&table, rte_rand(), options.ageing);
	rc = ports_open(&ports, &table, err);
	for (unsigned i = 0; i < options.lcores; i++)
		forwards[i] = (struct forward){.ports = &ports, .table = &table};
	due.hz = rte_get_tsc_hz();
	due.start = rte_rdtsc();
	if (rc == 0)
		rc = lcores_run(&work, options.lcores, options.stats, err);
	ports_close(&ports);
	return rc;
}

const struct app app = {
	.name = "switch",
	.options = &options_table,
	.opt = &options,
	.counts = true,
};
