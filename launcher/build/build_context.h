/* SPDX-License-Identifier: BSD-3-Clause */
/* What goes into a build: the Containerfile and the folder that it copies from. */
#pragma once

#include <limits.h>

struct build_options;
struct cvio_error;

/* Zeroed is empty. */
struct build_context {
	char file[PATH_MAX];   /* the Containerfile */
	char folder[PATH_MAX]; /* the user's, or our copy */
	char copy[64];         /* the copy's parent, removed at the end; "" without one */
};

/**
 * Find the Containerfile, and make the folder's modes those that any user's checkout would have.
 *
 * @param sig_fd  a signalfd that ends the copying
 * @param err     -ENOENT, LAUNCHER_EXIT_NO_IMAGE: there is no Containerfile; or why the folder
 *                can't be read or copied
 */
int build_context_open(const struct build_options *options, int sig_fd,
	struct build_context *context, struct cvio_error *err);

void build_context_fini(struct build_context *context);

#define _build_context_cleanup_ __attribute__((cleanup(build_context_fini)))
