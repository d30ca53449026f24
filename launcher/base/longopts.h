/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of each subcommand. A parser and the shells' completion read the same table, so that
 * neither knows an option that the other doesn't. A table ends with an entry without a name.
 */
#pragma once

#include <getopt.h>
#include <stdbool.h>

/* What getopt_long() returns for an option without a letter counts from here; else it is the
 * letter. */
#define LONGOPT_ONLY 256

/** Whether a word is this option, by its letter or its name; for parsers that can't use
 * getopt_long(). */
bool longopt_is(const struct option *option, const char *word);
