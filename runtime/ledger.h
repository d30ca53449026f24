/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot ledger: how long each stage took, from the call of rte_eal_init() until the ports are
 * up. */
#pragma once

#include <stddef.h>

enum ledger_stage {
	LEDGER_CONFIG,
	LEDGER_LCORES,
	LEDGER_MEMORY,
	LEDGER_EAL,
	LEDGER_PORTS,
	LEDGER_APPLICATION, /* from the end of rte_eal_init() to the start of the last port */
	LEDGER_STAGES,
};

/** Start the clock. */
void ledger_start(void);

/** A stage has ended: what passed since the one before (or the start) is its own. */
void ledger_end(enum ledger_stage stage);

/** "9.8 ms (config 0.1, …)": filled in and terminated; 160 bytes are enough. */
void ledger_summary(char *buf, size_t len);

/** One line a stage, in microseconds, at level debug. */
void ledger_log(void);
