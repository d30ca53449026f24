/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options may stand before or after IMAGE, as `cvio run IMAGE --port …` reads best. That is why the
 * application's own arguments must follow a `--`: otherwise nobody could say whose an option is.
 */
#include "run/run_options.h"

#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "base/longopts.h"

enum {
	OPT_NAME = LONGOPT_ONLY,
	OPT_PORT,
	OPT_MEMORY,
	OPT_CPUS,
	OPT_DRY_RUN,
	OPT_FORCE_UNLABELLED,
	OPT_PODMAN_ARGS,
};

const struct option run_longopts[] = {
	{"name", required_argument, NULL, OPT_NAME},
	{"detach", no_argument, NULL, 'd'},
	{"tty", no_argument, NULL, 't'},
	{"port", required_argument, NULL, OPT_PORT},
	{"memory", required_argument, NULL, OPT_MEMORY},
	{"cpus", required_argument, NULL, OPT_CPUS},
	{"dry-run", no_argument, NULL, OPT_DRY_RUN},
	{"force-unlabelled", no_argument, NULL, OPT_FORCE_UNLABELLED},
	{"podman-args", required_argument, NULL, OPT_PODMAN_ARGS},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int usage_error(struct cvio_error *err, const char *value, const char *what)
{
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"run: %.200s: %s; see `cvio help run`", value, what);
}

/* getopt_long() leaves in optopt a letter that it doesn't know, which may be one of several in a
 * word, or the option that has a value and takes none; 0 for a long one that it doesn't know. */
static int option_unknown(struct cvio_error *err, const char *word)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	bool is_long = strncmp(word, "--", 2) == 0;

	if (optopt != 0 && is_long && strchr(word, '=') != NULL)
		return usage_error(err, word, "takes no value");
	return usage_error(err, optopt != 0 && !is_long ? letter : word,
		"no such option; the application's own follow a --");
}

static int option_set(int option, char *value, struct run_options *o, struct cvio_error *err)
{
	switch (option) {
	case 'd':
		o->detach = true;
		return 0;
	case 't':
		o->tty = true;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	case OPT_NAME:
		o->name = value;
		return 0;
	case OPT_PORT:
		words_add(&o->ports, value);
		return 0;
	case OPT_MEMORY:
		o->memory = value;
		return 0;
	case OPT_CPUS:
		o->cpus = value;
		return 0;
	case OPT_DRY_RUN:
		o->dry_run = true;
		return 0;
	case OPT_FORCE_UNLABELLED:
		o->force_unlabelled = true;
		return 0;
	default:
		if (shell_split(value, &o->podman_args) == -EINVAL)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--podman-args: %.200s: a quote has no end; close it", value);
		return 0;
	}
}

/* A name goes into file names and podman's tables: podman's own rule for it. */
static int check_name(const char *name, struct cvio_error *err)
{
	static const char rest[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

	if (name == NULL)
		return 0;
	if (name[0] != '\0' && strchr("_.-", name[0]) == NULL && name[strspn(name, rest)] == '\0')
		return 0;
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"--name: %.200s: is not a container's name; use letters, digits, and _.- after the "
		"first",
		name);
}

static int parse_own(int argc, char **argv, struct run_options *o, struct cvio_error *err)
{
	int option, r = 0;

	opterr = 0;
	optind = 1;
	while (r == 0 && (option = getopt_long(argc, argv, ":dht", run_longopts, NULL)) != -1) {
		if (option == ':')
			return usage_error(err, argv[optind - 1], "needs a value");
		if (option == '?')
			return option_unknown(err, argv[optind - 1]);
		r = option_set(option, optarg, o, err);
	}
	if (r < 0 || o->help)
		return r;
	if (o->tty && o->detach)
		return usage_error(err, "--tty", "goes with a foreground, not with --detach");
	if (optind == argc)
		return usage_error(err, "IMAGE", "is missing");
	if (optind + 1 < argc)
		return usage_error(err, argv[optind + 1],
			"unexpected; the application's arguments follow a --");
	o->image = argv[optind];
	if (o->image[0] == '\0')
		return usage_error(err, "IMAGE", "is empty");
	return check_name(o->name, err);
}

int run_options_parse(int argc, char **argv, struct run_options *options, struct cvio_error *err)
{
	int own = 1, r;

	while (own < argc && strcmp(argv[own], "--") != 0)
		own++;
	for (int i = own + 1; i < argc; i++)
		words_add(&options->app_args, argv[i]);
	r = parse_own(own, argv, options, err);
	if (r == 0 &&
		(options->app_args.failed || options->ports.failed || options->podman_args.failed))
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return r;
}

void run_options_fini(struct run_options *options)
{
	words_fini(&options->ports);
	words_fini(&options->podman_args);
	words_fini(&options->app_args);
}

bool run_options_change_user(const struct run_options *options)
{
	static const char *const changing[] = {
		"-u", "--user", "--group-add", "--uidmap", "--gidmap"};

	for (size_t i = 0; i < options->podman_args.count; i++)
		for (size_t j = 0; j < sizeof(changing) / sizeof(changing[0]); j++)
			if (strncmp(options->podman_args.list[i], changing[j],
				    strlen(changing[j])) == 0)
				return true;
	return false;
}
