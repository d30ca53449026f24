/* SPDX-License-Identifier: BSD-3-Clause */
#include "common/options.h"

#include <errno.h>
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

int app_options_parse(int argc, char **argv, const struct option *known, app_option_take *take,
	void *opt, struct cvio_error *err)
{
	int letter, index = -1, at = 1, rc;

	opterr = 0;
	optind = 0; /* both glibc and musl: scan anew */
	while ((letter = getopt_long(argc, argv, "+:", known, &index)) != -1) {
		if (letter == ':' || letter == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "%s: %s; see --help",
				argv[at], letter == ':' ? "a value is missing" : "no such option");
		at = optind;
		rc = take(&known[index], optarg, opt, err);
		if (rc < 0)
			return rc;
	}
	if (optind < argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"'%s' is not an option; see --help", argv[optind]);
	return 0;
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

int app_number_parse(const char *name, const char *text, uint64_t min, uint64_t max,
	uint64_t *value, struct cvio_error *err)
{
	if (app_digits_parse(text, strlen(text), value) == 0 && *value >= min && *value <= max)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"--%s: '%s' is not a number from %llu to %llu", name, text, (unsigned long long)min,
		(unsigned long long)max);
}
