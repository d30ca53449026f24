/* SPDX-License-Identifier: BSD-3-Clause */
/* Printing into a buffer, piece by piece; whether all had room is asked once, at the end. */
#pragma once

#include <stddef.h>

/* Begin with {buf, len, 0}; len is at least 1. */
struct output {
	char *buf;   /* borrowed; terminated after each piece, cut where the room ends */
	size_t len;  /* its size */
	size_t used; /* what was written, or would have been had there been room */
};

/** Append a formatted piece. */
void output_add(struct output *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** The length of what was written, or -ENOSPC if it has been cut. */
int output_end(const struct output *out);
