/* SPDX-License-Identifier: BSD-3-Clause */
/* How our own applications read their command line. Pure, for its tests. */
#pragma once

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

struct cvio_error;

/**
 * Find the application's own words: what follows the first "--". Without one there are none, but
 * for a "--help" right after the program's name.
 *
 * @param argv  in: the whole vector; out: the place in it from which app_options_parse() reads
 * @return      how many words that is, with the one that stands for the program's name
 */
int app_own_words(int argc, char ***argv);

/**
 * Take one option.
 *
 * @param known  the option, as it is in the table
 * @param value  borrowed; NULL where the option has none
 * @param opt    what app_options_parse() was given
 * @return       0, or -EINVAL with err filled in
 */
typedef int app_option_take(
	const struct option *known, const char *value, void *opt, struct cvio_error *err);

/**
 * Parse words that must all be options, in their long form.
 *
 * @param argv   borrowed, left as it is; its first word is the program's name
 * @param known  ends with an entry of zeros
 * @param err    on failure: CVIO_EXIT_CONFIG and a text that names the word
 * @return       0, or -EINVAL
 */
int app_options_parse(int argc, char **argv, const struct option *known, app_option_take *take,
	void *opt, struct cvio_error *err);

/** Read a decimal number of at most 18 digits and nothing else. Returns 0 or -EINVAL. */
int app_digits_parse(const char *text, size_t len, uint64_t *value);

/** Read the value of option --name, a number from min to max. Returns 0, or -EINVAL with err. */
int app_number_parse(const char *name, const char *text, uint64_t min, uint64_t max,
	uint64_t *value, struct cvio_error *err);
