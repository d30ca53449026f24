/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio help` and `cvio version`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "commands.h"

static const char help_usage[] = "Usage: cvio help [SUBCOMMAND]\n";
static const char version_usage[] = "Usage: cvio version\n";

static void print_overview(void)
{
	puts("Usage: cvio SUBCOMMAND [ARGUMENTS]\n"
	     "\n"
	     "Run DPDK applications as small, unprivileged containers on vhost-user ports.\n");
	for (const struct command *const *c = commands; *c != NULL; c++)
		printf("  %-10s %s\n", (*c)->name, (*c)->line);
	puts("\n`cvio help SUBCOMMAND` tells more, cvio(1) and cvio-run(1) tell all.");
}

static int cmd_help(int argc, char **argv, struct cvio_error *err)
{
	const struct command *c;

	if (argc < 2 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		print_overview();
		return 0;
	}
	c = command_find(argv[1]);
	if (c == NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"help: %s: no such subcommand; `cvio help` lists them", argv[1]);
	fputs(c->usage, stdout);
	return 0;
}

static int cmd_version(int argc, char **argv, struct cvio_error *err)
{
	if (argc > 1 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
		fputs(version_usage, stdout);
		return 0;
	}
	if (argc > 1)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"version: %s: takes no argument; leave it out", argv[1]);
	puts("cvio " CVIO_VERSION);
	return 0;
}

const struct command help_command = {"help", cmd_help, "explain a subcommand", help_usage, NULL};

const struct command version_command = {
	"version", cmd_version, "print the version", version_usage, NULL};
