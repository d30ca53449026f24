/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/ready.h"

#include <stddef.h>
#include <stdint.h>

#include <rte_common.h>
#include <rte_log.h>

#include "pmd/log.h"
#include "pmd/port_hooks.h"
#include "runtime/ledger.h"
#include "runtime/notify.h"

/* From here on the drivers' lines are of reconnections, a dozen each; ours are two. */
static void quiet(void)
{
	static const char *const types[] = {
		"pmd.net.tap", "pmd.net.virtio.driver", "pmd.net.virtio.init"};

	if (log_enabled(LOG_LEVEL_DEBUG))
		return;
	for (size_t i = 0; i < RTE_DIM(types); i++) {
		int type = rte_log_register(types[i]);

		if (type >= 0)
			rte_log_set_level((uint32_t)type, RTE_LOG_CRIT);
	}
}

static void ready(void)
{
	char summary[192];

	ledger_end(LEDGER_APPLICATION);
	ledger_summary(summary, sizeof(summary));
	ledger_log();
	log_line(LOG_LEVEL_INFO, "ready in %s", summary);
	quiet();
	notify_ready();
}

void ready_begin(void)
{
	port_hooks_when_started(ready);
}
