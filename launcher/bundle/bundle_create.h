/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio bundle create`. */
#pragma once

#include <stdbool.h>

struct bundle_work;
struct cvio_error;
struct words;

struct create_options {
	const char *output;
	const char *key;     /* NULL: unsigned */
	const char *base;    /* NULL: a full bundle */
	const char *sources; /* with sdk */
	bool sdk;
	const struct words *images; /* as the user named them */
};

int bundle_create(
	const struct create_options *options, struct bundle_work *work, struct cvio_error *err);

/**
 * Put into a folder what a bundle has beside images: the launcher, man pages, LICENSE, install.sh;
 * with sources also src/.
 */
int bundle_stage(const struct bundle_work *work, const char *folder, const char *sources,
	struct cvio_error *err);
