/* SPDX-License-Identifier: BSD-3-Clause */
/* Options are parsed before EAL starts, so a wrong one is told at once. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "../../pmd/error.h"

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

static int number_parse(const char *name, const char *text, uint32_t min, uint32_t max,
	uint32_t *value, struct cvio_error *err)
{
	uint64_t sum = 0;
	size_t len = strlen(text);

	for (size_t i = 0; i < len && len < 10; i++)
		sum = text[i] >= '0' && text[i] <= '9' ? sum * 10 + (uint64_t)(text[i] - '0')
						       : UINT32_MAX;
	if (len == 0 || len >= 10 || sum < min || sum > max)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--%s: '%s' is not a number from %u to %u", name, text, min, max);
	*value = (uint32_t)sum;
	return 0;
}

static int option_take(int letter, struct options *opt, struct cvio_error *err)
{
	switch (letter) {
	case 'a':
		return number_parse("ageing", optarg, 1, 86400, &opt->ageing, err);
	case 'l':
		return number_parse("lcores", optarg, 1, 32, &opt->lcores, err);
	case 's':
		return number_parse("stats", optarg, 1, 86400, &opt->stats, err);
	default:
		opt->help = true;
		return 0;
	}
}

int options_parse(int argc, char **argv, struct options *opt, struct cvio_error *err)
{
	int letter, at = 1, rc;

	*opt = defaults;
	opterr = 0;
	optind = 0; /* both glibc and musl: scan anew */
	while ((letter = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
		if (letter == ':' || letter == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "%s: %s; see --help",
				argv[at], letter == ':' ? "a value is missing" : "no such option");
		at = optind;
		rc = option_take(letter, opt, err);
		if (rc < 0)
			return rc;
	}
	if (optind < argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"'%s' is not an option; see --help", argv[optind]);
	return 0;
}
