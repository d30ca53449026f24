/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How our own applications read their command line: what follows `--` on it are long options, and a
 * table says which there are. Pure, for its tests.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cvio_error;

/* Each application has its own. */
struct options;

enum app_option_kind {
	APP_FLAG, /* no value; sets a bool */
	APP_U16,  /* a number from min to max, and so the next two */
	APP_U32,
	APP_U64,
	APP_OTHER, /* take() reads the value */
};

struct app_option {
	const char *name;
	enum app_option_kind kind;
	size_t at; /* where it goes in struct options, unless take() knows */
	uint64_t min, max;
	const char *preset; /* the value where the words are silent; NULL: zeros */
	/* Returns 0, or -EINVAL with err filled in. */
	int (*take)(struct options *opt, const char *value, struct cvio_error *err);
	bool noted; /* its name goes where app_options' note says */
};

#define APP_OPTIONS_MAX 31

struct app_options {
	const struct app_option
		*known; /* ends with an entry of zeros; --help goes without saying */
	size_t size;    /* of struct options */
	size_t note;    /* where in it a const char * is the name of the last noted option given */
	/* What the table can't say, of all options together; NULL: there is nothing. */
	int (*check)(const struct options *opt, struct cvio_error *err);
	const char *help; /* the usage */
};

/**
 * Find the application's own words: what follows the first "--". Without one there are none, but
 * for a "--help" right after the program's name.
 *
 * @param argv  in: the whole vector; out: the place in it from which app_options_parse() reads
 * @return      how many words that is, with the one that stands for the program's name
 */
int app_own_words(int argc, char ***argv);

/**
 * Parse words that must all be options, in their long form.
 *
 * @param argv  borrowed, left as it is; its first word is the program's name
 * @param opt   filled in, with the presets where the words are silent; undefined after a failure
 * @param err   on failure: CVIO_EXIT_CONFIG and a text that names the option, its value and what is
 *              allowed
 * @return      0; 1 if --help is among them; -EINVAL
 */
int app_options_parse(const struct app_options *options, int argc, char **argv, struct options *opt,
	struct cvio_error *err);

/** Read a decimal number of at most 18 digits and nothing else. Returns 0 or -EINVAL. */
int app_digits_parse(const char *text, size_t len, uint64_t *value);
