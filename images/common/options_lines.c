/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/options_lines.h"
#include "pmd/grammar/error.h"

int options_line_parse(const struct app_options *options, const char *line, struct options *opt,
	struct cvio_error *err)
{
	char text[512] = "app ", *argv[33], *save = NULL;
	int argc = 0;

	strncat(text, line, sizeof(text) - strlen(text) - 1);
	for (char *w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	return app_options_parse(options, argc, argv, opt, err);
}

void options_wrong_check(
	const struct app_options *options, const struct options_wrong *cases, size_t count)
{
	struct options *opt = calloc(1, options->size);

	assert_non_null(opt);
	for (size_t i = 0; i < count; i++) {
		struct cvio_error err = {0};

		if (options_line_parse(options, cases[i].line, opt, &err) != -EINVAL)
			fail_msg("%s is taken", cases[i].line);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s: \"%s\" doesn't say %s", cases[i].line, err.text,
				cases[i].says);
	}
	free(opt);
}
