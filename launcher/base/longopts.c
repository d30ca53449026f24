/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/longopts.h"

#include <string.h>

bool longopt_is(const struct option *option, const char *word)
{
	const char letter[] = {'-', (char)option->val, '\0'};

	if (option->val < LONGOPT_ONLY && strcmp(word, letter) == 0)
		return true;
	return strncmp(word, "--", 2) == 0 && strcmp(word + 2, option->name) == 0;
}
