/* SPDX-License-Identifier: BSD-3-Clause */
#include "common/lcores.h"

#include <errno.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "common/app.h"
#include "pmd/grammar/error.h"

struct share {
	const struct lcores_work *work;
	unsigned index, count;
};

static int worker_main(void *arg)
{
	const struct share share = *(struct share *)arg;

	while (!app_ended)
		share.work->round(share.index, share.count);
	return 0;
}

static void workers_launch(const struct lcores_work *work, unsigned count)
{
	static struct share shares[RTE_MAX_LCORE]; /* they read them on their own threads */
	unsigned n = 0, lcore;

	RTE_LCORE_FOREACH_WORKER (lcore) {
		if (++n >= count)
			return;
		shares[n] = (struct share){work, n, count};
		rte_eal_remote_launch(worker_main, &shares[n], lcore);
	}
}

int lcores_run(
	const struct lcores_work *work, uint32_t count, uint32_t stats, struct cvio_error *err)
{
	uint64_t period = stats * rte_get_tsc_hz(), next = rte_rdtsc() + period, tsc;

	if (count > rte_lcore_count())
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--lcores %u: there are %u; give the container more CPUs", count,
			rte_lcore_count());
	workers_launch(work, count);
	while (!app_ended) {
		for (unsigned i = 0; i < work->rounds && !app_ended; i++)
			work->round(0, count);
		tsc = rte_rdtsc();
		work->look(tsc);
		if (app_report || (stats > 0 && tsc >= next)) {
			app_report = 0;
			work->print();
			next = tsc + period;
		}
	}
	rte_eal_mp_wait_lcore();
	work->print();
	return 0;
}
