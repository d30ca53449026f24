/* SPDX-License-Identifier: BSD-3-Clause */
#include "common/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"

int app_own_words(int argc, char ***argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp((*argv)[i], "--") == 0) {
			*argv += i;
			return argc - i;
		}
	return argc > 1 && strcmp((*argv)[1], "--help") == 0 ? 2 : 1;
}

int app_digits_parse(const char *text, size_t len, uint64_t *value)
{
	*value = 0;
	if (len == 0 || len > 18)
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
		*value = *value * 10 + (uint64_t)(text[i] - '0');
	}
	return 0;
}

static int number_take(
	const struct app_option *known, const char *value, void *at, struct cvio_error *err)
{
	uint64_t number;

	if (app_digits_parse(value, strlen(value), &number) < 0 || number < known->min ||
		number > known->max)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--%s: '%s' is not a number from %llu to %llu", known->name, value,
			(unsigned long long)known->min, (unsigned long long)known->max);
	if (known->kind == APP_U16)
		*(uint16_t *)at = (uint16_t)number;
	else if (known->kind == APP_U32)
		*(uint32_t *)at = (uint32_t)number;
	else
		*(uint64_t *)at = number;
	return 0;
}

static int option_take(const struct app_option *known, const char *value, struct options *opt,
	struct cvio_error *err)
{
	void *at = (char *)opt + known->at;

	if (known->kind == APP_OTHER)
		return known->take(opt, value, err);
	if (known->kind != APP_FLAG)
		return number_take(known, value, at, err);
	*(bool *)at = true;
	return 0;
}

/* No letter. Each name has its own, or glibc would take any of those that begin alike. */
#define NAME_VALUE 256

/* What getopt_long() is to know: the table, and --help in the place of its end. */
static void names_fill(const struct app_option *known, struct option *names)
{
	int n = 0;

	for (; known[n].name != NULL; n++) {
		if (n == APP_OPTIONS_MAX)
			abort(); /* at any start: nobody can miss it */
		names[n] = (struct option){.name = known[n].name, .val = NAME_VALUE + n};
		names[n].has_arg = known[n].kind == APP_FLAG ? no_argument : required_argument;
	}
	names[n] = (struct option){.name = "help", .val = NAME_VALUE + n};
	names[n + 1] = (struct option){0};
}

/* Returns 1 if it was --help. */
static int name_take(const struct app_options *options, const char *value, int index,
	struct options *opt, struct cvio_error *err)
{
	const struct app_option *known = &options->known[index];

	if (known->name == NULL)
		return 1;
	if (known->noted)
		*(const char **)((char *)opt + options->note) = known->name;
	return option_take(known, value, opt, err);
}

static int words_take(const struct app_options *options, int argc, char **argv, struct options *opt,
	struct cvio_error *err)
{
	struct option names[APP_OPTIONS_MAX + 2];
	int helped = 0, at = 1, index = -1, letter, rc;

	names_fill(options->known, names);
	opterr = 0;
	optind = 0; /* both glibc and musl: scan anew */
	while ((letter = getopt_long(argc, argv, "+:", names, &index)) != -1) {
		if (letter == ':' || letter == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "%s: %s; see --help",
				argv[at], letter == ':' ? "a value is missing" : "no such option");
		at = optind;
		rc = name_take(options, optarg, index, opt, err);
		if (rc < 0)
			return rc;
		helped |= rc;
	}
	if (optind < argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"'%s' is not an option; see --help", argv[optind]);
	return helped;
}

int app_options_parse(const struct app_options *options, int argc, char **argv, struct options *opt,
	struct cvio_error *err)
{
	int helped = 0, rc = 0;

	memset(opt, 0, options->size);
	for (const struct app_option *known = options->known; rc == 0 && known->name; known++)
		if (known->preset != NULL)
			rc = option_take(known, known->preset, opt, err);
	if (rc == 0)
		helped = rc = words_take(options, argc, argv, opt, err);
	if (rc >= 0 && options->check != NULL)
		rc = options->check(opt, err);
	return rc < 0 ? rc : helped;
}
