/* SPDX-License-Identifier: BSD-3-Clause */
/* podman's stderr in the foreground: the application's lines pass, podman's own last word is kept
 * back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct relay {
	FILE *out;       /* borrowed */
	char held[8192]; /* the line, or its start, that is kept back */
	size_t len;
	bool passing; /* in the midst of a line that is passed on */
	bool message; /* held is a whole "Error: …" line */
};

/** Take n bytes; what can't be podman's last word is written at once. */
void relay_feed(struct relay *relay, const char *data, size_t n);

/**
 * podman's reason once it ended with 125, 126 or 127: the text after "Error: " of the last line, or
 * NULL if that wasn't podman's. Nothing is left to write then.
 */
const char *relay_reason(struct relay *relay);

/** Write what is kept back. */
void relay_flush(struct relay *relay);
