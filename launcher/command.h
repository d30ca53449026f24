/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of subcommands: main dispatches by it, help prints it. */
#pragma once

struct cvio_error;
struct option;

struct command {
	const char *name;
	/* Returns the status to exit with, or a negative errno with err filled in. argv[0] is the
	 * name. */
	int (*run)(int argc, char **argv, struct cvio_error *err);
	const char *line;             /* what it does, for the overview */
	const char *usage;            /* what --help prints, with its last newline */
	const struct option *options; /* what its parser takes, see longopts.h; NULL: only --help */
};

/* Ends with an entry without a name. */
extern const struct command commands[];

/** Find a subcommand by its name; NULL if there is none. */
const struct command *command_find(const char *name);

/**
 * Check, without starting anything, whether `cvio run` with this command line would work.
 *
 * @return  0, or a negative errno with err as `cvio run` would have it
 */
int run_check(int argc, char **argv, struct cvio_error *err);

int cmd_run(int argc, char **argv, struct cvio_error *err);
int cmd_check(int argc, char **argv, struct cvio_error *err);
int cmd_up(int argc, char **argv, struct cvio_error *err);
int cmd_down(int argc, char **argv, struct cvio_error *err);
int cmd_ps(int argc, char **argv, struct cvio_error *err);
int cmd_inspect(int argc, char **argv, struct cvio_error *err);
int cmd_build(int argc, char **argv, struct cvio_error *err);
int cmd_sbom(int argc, char **argv, struct cvio_error *err);
int cmd_bundle(int argc, char **argv, struct cvio_error *err);
int cmd_generate(int argc, char **argv, struct cvio_error *err);
int cmd_stats(int argc, char **argv, struct cvio_error *err);
int cmd_top(int argc, char **argv, struct cvio_error *err);
int cmd_metrics(int argc, char **argv, struct cvio_error *err);
int cmd_completion(int argc, char **argv, struct cvio_error *err);
int cmd_help(int argc, char **argv, struct cvio_error *err);
int cmd_version(int argc, char **argv, struct cvio_error *err);

extern const char run_usage[];
extern const char check_usage[];
extern const char up_usage[];
extern const char down_usage[];
extern const char ps_usage[];
extern const char inspect_usage[];
extern const char build_usage[];
extern const char sbom_usage[];
extern const char bundle_usage[];
extern const char generate_usage[];
extern const char stats_usage[];
extern const char top_usage[];
extern const char metrics_usage[];
extern const char completion_usage[];
extern const char help_usage[];
extern const char version_usage[];
