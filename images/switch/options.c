/* SPDX-License-Identifier: BSD-3-Clause */
/* Options are parsed before EAL starts, so a wrong one is told at once. */
#include "switch/options.h"

#include "common/options.h"

static const struct option long_options[] = {
	{"ageing", required_argument, NULL, 'a'},
	{"help", no_argument, NULL, 'h'},
	{"lcores", required_argument, NULL, 'l'},
	{"stats", required_argument, NULL, 's'},
	{NULL, 0, NULL, 0},
};

static const struct options defaults = {.ageing = 300, .lcores = 1};

void options_help(FILE *out)
{
	fputs("Usage: switch [EAL options] -- [options]\n"
	      "Forward frames between vhost-user backend ports by the MAC addresses behind them.\n"
	      "\n"
	      "  --ageing SECONDS  forget an address after so long without a frame from it (300)\n"
	      "  --lcores N        lcores that receive; the ports are shared out among them (1)\n"
	      "  --stats SECONDS   print the counters every so often (never)\n"
	      "  --help            print this\n"
	      "\n"
	      "SIGUSR1 prints the counters once; SIGTERM or SIGINT prints them and ends it.\n"
	      "Exit status: 0 ended by a signal; 64 wrong option or port, 69 a socket can't be "
	      "made,\n"
	      "70 other failure, 71 out of memory.\n",
		out);
}

static int number_take(const struct option *known, const char *value, uint64_t max,
	uint32_t *number, struct cvio_error *err)
{
	uint64_t wide = 0;
	int rc = app_number_parse(known->name, value, 1, max, &wide, err);

	*number = (uint32_t)wide;
	return rc;
}

static int option_take(
	const struct option *known, const char *value, void *context, struct cvio_error *err)
{
	struct options *opt = context;

	switch (known->val) {
	case 'a':
		return number_take(known, value, 86400, &opt->ageing, err);
	case 'l':
		return number_take(known, value, 32, &opt->lcores, err);
	case 's':
		return number_take(known, value, 86400, &opt->stats, err);
	default:
		opt->help = true;
		return 0;
	}
}

int options_parse(int argc, char **argv, struct options *opt, struct cvio_error *err)
{
	*opt = defaults;
	return app_options_parse(argc, argv, long_options, option_take, opt, err);
}
