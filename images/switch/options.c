/* SPDX-License-Identifier: BSD-3-Clause */
#include "switch/options.h"

static const struct app_option known[] = {
	{"ageing", APP_U32, .at = offsetof(struct options, ageing), .min = 1, .max = 86400,
		.preset = "300"},
	{"lcores", APP_U32, .at = offsetof(struct options, lcores), .min = 1, .max = 32,
		.preset = "1"},
	{"stats", APP_U32, .at = offsetof(struct options, stats), .min = 1, .max = 86400},
	{0},
};

static const char help[] =
	"Usage: switch [EAL options] -- [options]\n"
	"Forward frames between vhost-user backend ports by the MAC addresses behind them.\n"
	"\n"
	"  --ageing SECONDS  forget an address after so long without a frame from it (300)\n"
	"  --lcores N        lcores that receive; the ports are shared out among them (1)\n"
	"  --stats SECONDS   print the counters every so often (never)\n"
	"  --help            print this\n"
	"\n"
	"SIGUSR1 prints the counters once; SIGTERM or SIGINT prints them and ends it.\n"
	"Exit status: 0 ended by a signal; 64 wrong option or port, 69 a socket can't be made,\n"
	"70 other failure, 71 out of memory.\n";

const struct app_options options_table = {
	.known = known,
	.size = sizeof(struct options),
	.help = help,
};
