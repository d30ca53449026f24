/* SPDX-License-Identifier: BSD-3-Clause */
#include "ledger.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "log.h"

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
	int64_t total = 0;
	size_t used;

	for (int i = 0; i < LEDGER_STAGES; i++)
		total += stage_ns[i];
	used = (size_t)snprintf(buf, len, "%.1f ms", (double)total / 1e6);
	for (int i = 0; i < LEDGER_STAGES && used < len; i++)
		used += (size_t)snprintf(buf + used, len - used, "%s%s %.1f", i == 0 ? " (" : ", ",
			stage_names[i], (double)stage_ns[i] / 1e6);
	if (used < len)
		snprintf(buf + used, len - used, ")");
}

void ledger_log(void)
{
	for (int i = 0; i < LEDGER_STAGES; i++)
		log_line(LOG_LEVEL_DEBUG, "boot: %-11s %8.0f us", stage_names[i],
			(double)stage_ns[i] / 1e3);
}
