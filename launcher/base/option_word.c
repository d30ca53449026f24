/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/option_word.h"

#include <getopt.h>
#include <stddef.h>

/* musl steps past the end for a letter that lacks its value, glibc doesn't. */
const char *option_word(char **argv)
{
	return argv[optind - 1] != NULL ? argv[optind - 1] : argv[optind - 2];
}
