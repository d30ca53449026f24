/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/ledger.h"

#include <stdint.h>
#include <time.h>

#include "pmd/grammar/output.h"
#include "pmd/log.h"

static const char *const stage_names[LEDGER_STAGES] = {
	"config", "lcores", "memory", "EAL", "ports", "application"};
static int64_t stage_ns[LEDGER_STAGES];
static int64_t last_ns;

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

void ledger_start(void)
{
	last_ns = now_ns();
}

void ledger_end(enum ledger_stage stage)
{
	int64_t now = now_ns();

	stage_ns[stage] += now - last_ns;
	last_ns = now;
}

void ledger_summary(char *buf, size_t len)
{
	struct output out = {buf, len, 0};
	int64_t total = 0;

	for (int i = 0; i < LEDGER_STAGES; i++)
		total += stage_ns[i];
	output_add(&out, "%.1f ms", (double)total / 1e6);
	for (int i = 0; i < LEDGER_STAGES; i++)
		output_add(&out, "%s%s %.1f", i == 0 ? " (" : ", ", stage_names[i],
			(double)stage_ns[i] / 1e6);
	output_add(&out, ")");
}

void ledger_log(void)
{
	for (int i = 0; i < LEDGER_STAGES; i++)
		log_line(LOG_LEVEL_DEBUG, "boot: %-11s %8.0f us", stage_names[i],
			(double)stage_ns[i] / 1e3);
}
