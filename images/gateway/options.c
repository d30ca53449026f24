/* SPDX-License-Identifier: BSD-3-Clause */
/* Options are parsed before EAL starts, so a wrong one is told at once. */
#include "gateway/options.h"

#include "common/options.h"

#define MTU_MIN 68 /* RFC 791 */
#define MTU_MAX 9600

static const struct option long_options[] = {
	{"help", no_argument, NULL, 'h'},
	{"kernel", required_argument, NULL, 'k'},
	{"lcores", required_argument, NULL, 'l'},
	{"mtu", required_argument, NULL, 'm'},
	{"no-offloads", no_argument, NULL, 'n'},
	{"stats", required_argument, NULL, 's'},
	{NULL, 0, NULL, 0},
};

static const struct options defaults = {.lcores = 1};

void options_help(FILE *out)
{
	fputs("Usage: gateway [EAL options] -- [options]\n"
	      "Forward between a fast port, or two, and the kernel's stack behind the last port.\n"
	      "\n"
	      "  --kernel RULES   the kernel gets these frames of a fast port, separated by "
	      "commas\n"
	      "                   (all): arp, icmp, tcp:PORT, udp:PORT, proto:NUMBER, ip:ADDRESS;\n"
	      "                   other frames leave by the other fast port, or are dropped if\n"
	      "                   there is none\n"
	      "  --lcores N       lcores that forward; the queues are shared out among them (1)\n"
	      "  --mtu N          of all ports, such as 9000\n"
	      "  --no-offloads    neither checksums nor segments are left to the other side\n"
	      "  --stats SECONDS  print the counters every so often (never)\n"
	      "  --help           print this\n"
	      "\n"
	      "What the kernel sends leaves by port 0.\n"
	      "SIGUSR1 prints the counters once; SIGTERM or SIGINT prints them and ends it.\n"
	      "Exit status: 0 ended by a signal; 64 wrong option or ports, 70 other failure, 71 "
	      "out "
	      "of\n"
	      "memory.\n",
		out);
}

static int number_take(const struct option *known, const char *value, uint64_t min, uint64_t max,
	uint32_t *number, struct cvio_error *err)
{
	uint64_t wide = 0;
	int rc = app_number_parse(known->name, value, min, max, &wide, err);

	*number = (uint32_t)wide;
	return rc;
}

static int option_take(
	const struct option *known, const char *value, void *context, struct cvio_error *err)
{
	struct options *opt = context;

	switch (known->val) {
	case 'k':
		return rules_add(&opt->kernel, value, err);
	case 'l':
		return number_take(known, value, 1, 32, &opt->lcores, err);
	case 'm':
		return number_take(known, value, MTU_MIN, MTU_MAX, &opt->mtu, err);
	case 'n':
		opt->no_offloads = true;
		return 0;
	case 's':
		return number_take(known, value, 1, 86400, &opt->stats, err);
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
