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

extern const struct option main_longopts[]; /* each in place of the subcommand of that name */
extern const struct option run_longopts[];
extern const struct option up_longopts[];
extern const struct option down_longopts[];
extern const struct option ps_longopts[];
extern const struct option stats_longopts[];
extern const struct option top_longopts[];
extern const struct option metrics_longopts[];
extern const struct option generate_longopts[]; /* beside those of run */
extern const struct option build_longopts[];
extern const struct option check_longopts[]; /* beside those of run */
extern const struct option inspect_longopts[];
extern const struct option sbom_longopts[];
extern const struct option bundle_longopts[];

/** Whether a word is this option, by its letter or its name; for parsers that can't use
 * getopt_long(). */
bool longopt_is(const struct option *option, const char *word);
