/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests: command lines as one text each. */
#pragma once

#include "common/options.h"

/** app_options_parse() of a line's words, which are split at spaces: at most 31. */
int options_line_parse(const struct app_options *options, const char *line, struct options *opt,
	struct cvio_error *err);

/* A wrong line and what its error must name. */
struct options_wrong {
	const char *line, *says;
};

/** Fail the test unless each line is refused so. */
void options_wrong_check(
	const struct app_options *options, const struct options_wrong *cases, size_t count);
