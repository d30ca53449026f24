/* SPDX-License-Identifier: BSD-3-Clause */
#include "chain/chain_options.h"

#include <errno.h>
#include <stddef.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "base/option_word.h"
#include "chain/chain.h"

const struct option up_longopts[] = {
	{"file", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{"dry-run", no_argument, NULL, LONGOPT_ONLY},
	{NULL, 0, NULL, 0},
};

const struct option down_longopts[] = {
	{"file", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int usage_error(
	struct cvio_error *err, const char *command, const char *value, const char *what)
{
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "%s: %.200s: %s; see `cvio help %s`",
		command, value, what, command);
}

static int parse_rest(
	int argc, char **argv, bool up, struct chain_options *o, struct cvio_error *err)
{
	if (optind == argc)
		return 0;
	if (up || optind + 1 < argc)
		return usage_error(err, argv[0], argv[up ? optind : optind + 1], "unexpected");
	o->chain = argv[optind];
	if (o->file != NULL)
		return usage_error(err, argv[0], o->chain, "is given beside -f; one is enough");
	if (!chain_name_ok(o->chain))
		return usage_error(
			err, argv[0], o->chain, "is not a chain's name; name a file with -f");
	return 0;
}

int chain_options_parse(
	int argc, char **argv, bool up, struct chain_options *o, struct cvio_error *err)
{
	int option, r;

	*o = (struct chain_options){0};
	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":f:h", up ? up_longopts : down_longopts, NULL)) !=
		-1) {
		if (option == ':')
			return usage_error(err, argv[0], option_word(argv), "needs a value");
		if (option == '?')
			return usage_error(err, argv[0], option_word(argv), "no such option");
		if (option == 'f')
			o->file = optarg;
		o->help = o->help || option == 'h';
		o->dry_run = o->dry_run || option == LONGOPT_ONLY;
	}
	r = o->help ? 0 : parse_rest(argc, argv, up, o, err);
	if (o->file == NULL)
		o->file = CHAIN_FILE;
	return r;
}
