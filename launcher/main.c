/* SPDX-License-Identifier: BSD-3-Clause */
/* The `cvio` command: finds the subcommand, and is the only place that prints an error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "build/commands.h"
#include "bundle/commands.h"
#include "chain/commands.h"
#include "check/commands.h"
#include "commands.h"
#include "generate/commands.h"
#include "image/commands.h"
#include "ports/wire.h"
#include "run/commands.h"
#include "state/hook.h"
#include "state/hook_limit.h"
#include "watch/commands.h"

const struct command *const commands[] = {&run_command, &up_command, &down_command, &ps_command,
	&stats_command, &top_command, &metrics_command, &generate_command, &build_command,
	&check_command, &inspect_command, &sbom_command, &bundle_command, &completion_command,
	&help_command, &version_command, NULL};

const struct option main_longopts[] = {
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static const char *command_name(int argc, char **argv)
{
	if (argc < 2)
		return "help";
	for (const struct option *l = main_longopts; l->name != NULL; l++)
		if (longopt_is(l, argv[1]))
			return l->name;
	return argv[1];
}

/* What engines call: not for users, so not in the table of what they see. */
static const struct command *hook_find(const char *name)
{
	static const struct command *const hooks[] = {
		&hook_command, &limit_command, &wire_command, &unwire_command};

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (strcmp(name, hooks[i]->name) == 0)
			return hooks[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct cvio_error err = {.exit_code = CVIO_EXIT_SOFTWARE};
	const char *name = command_name(argc, argv);
	const struct command *c = hook_find(name);
	int status;

	if (c == NULL)
		c = command_find(name);
	if (c == NULL) {
		fprintf(stderr, "cvio: %s: no such subcommand; `cvio help` lists them\n", name);
		return CVIO_EXIT_CONFIG;
	}
	status = c->run(argc < 2 ? 1 : argc - 1, argc < 2 ? argv : argv + 1, &err);
	if (status < 0) {
		fflush(stdout);
		fprintf(stderr, "cvio: %s\n", err.text);
		return err.exit_code;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "cvio: standard output: %s; write it elsewhere\n", strerror(errno));
		return CVIO_EXIT_SOFTWARE;
	}
	return status;
}
