/* SPDX-License-Identifier: BSD-3-Clause */
/* The `cvio` command: finds the subcommand, and is the only place that prints an error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "exit.h"
#include "hook.h"
#include "hook_limit.h"
#include "longopts.h"
#include "wire.h"

const struct command commands[] = {
	{"run", cmd_run, "check the host, then run an image under podman", run_usage, run_longopts},
	{"up", cmd_up, "start the containers of a chain", up_usage, up_longopts},
	{"down", cmd_down, "stop the containers of a chain", down_usage, down_longopts},
	{"ps", cmd_ps, "list containers", ps_usage, ps_longopts},
	{"stats", cmd_stats, "print the counters of every port", stats_usage, stats_longopts},
	{"top", cmd_top, "show every port, live", top_usage, top_longopts},
	{"metrics", cmd_metrics, "the counters for a monitoring system", metrics_usage,
		metrics_longopts},
	{"generate", cmd_generate, "print what other tools start containers by", generate_usage,
		generate_longopts},
	{"build", cmd_build, "build an image from a folder, and audit it", build_usage,
		build_longopts},
	{"check", cmd_check, "check whether this host can run images", check_usage, check_longopts},
	{"inspect", cmd_inspect, "show what an image needs", inspect_usage, inspect_longopts},
	{"sbom", cmd_sbom, "print an image's bill of materials", sbom_usage, sbom_longopts},
	{"bundle", cmd_bundle, "carry images to where no network is", bundle_usage,
		bundle_longopts},
	{"completion", cmd_completion, "print what makes a shell complete words", completion_usage,
		NULL},
	{"help", cmd_help, "explain a subcommand", help_usage, NULL},
	{"version", cmd_version, "print the version", version_usage, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

const struct option main_longopts[] = {
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
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
