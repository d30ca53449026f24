/* SPDX-License-Identifier: BSD-3-Clause */
/* What buildah writes, made into progress: its steps shown, its chatter dropped, the rest passed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Start with out and width, the rest zero. */
struct build_progress {
	FILE *out;          /* borrowed */
	unsigned int width; /* of the terminal; 0: not a terminal, the steps are lines */
	char step[256];     /* the present step's text; "" none */
	uint64_t since;     /* ms: when it began */
	bool shown;         /* the terminal's last line is the step's */
	bool glibc;         /* a message names a symbol that only glibc has */
	char reason[512];   /* buildah's last "Error: …" without that word */
	char line[8192];    /* what came since the last newline */
	size_t length;
	bool passing; /* in the midst of a line that is too long to keep */
};

/** Begin a step of ours; now is in ms. */
void build_progress_step(struct build_progress *p, const char *step, uint64_t now);

/** Take n bytes of buildah's output. */
void build_progress_feed(struct build_progress *p, const char *data, size_t n, uint64_t now);

/** Show the present step with the seconds that it takes; does nothing without a terminal. */
void build_progress_tick(struct build_progress *p, uint64_t now);

/** Write what is kept back, and take the step's line off the terminal. */
void build_progress_end(struct build_progress *p);
