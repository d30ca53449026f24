/* SPDX-License-Identifier: BSD-3-Clause */
#include "gateway/options.h"

#define MTU_MIN 68 /* RFC 791 */
#define MTU_MAX 9600

static int kernel_take(struct options *opt, const char *value, struct cvio_error *err)
{
	return rules_add(&opt->kernel, value, err);
}

static const struct app_option known[] = {
	{"kernel", APP_OTHER, .take = kernel_take},
	{"lcores", APP_U32, .at = offsetof(struct options, lcores), .min = 1, .max = 32,
		.preset = "1"},
	{"mtu", APP_U32, .at = offsetof(struct options, mtu), .min = MTU_MIN, .max = MTU_MAX},
	{"no-offloads", APP_FLAG, .at = offsetof(struct options, no_offloads)},
	{"stats", APP_U32, .at = offsetof(struct options, stats), .min = 1, .max = 86400},
	{0},
};

static const char help[] =
	"Usage: gateway [EAL options] -- [options]\n"
	"Forward between a fast port, or two, and the kernel's stack behind the last port.\n"
	"\n"
	"  --kernel RULES   the kernel gets these frames of a fast port, separated by commas\n"
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
	"Exit status: 0 ended by a signal; 64 wrong option or ports, 70 other failure, 71 out of\n"
	"memory.\n";

const struct app_options options_table = {
	.known = known,
	.size = sizeof(struct options),
	.help = help,
};
