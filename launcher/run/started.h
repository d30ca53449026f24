/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a foreground container ran to its end, which podman's exit status doesn't tell. */
#pragma once

#include <stdbool.h>

/* What podman's --pidfile tells. */
struct started {
	const char *pid_file; /* borrowed; NULL: none, and the container counts as started */
	int pidfd;            /* of the container's process; owned; -1: none */
	bool yes;             /* the process is or was there */
};

/** Take the process, if it is there. */
void started_read(struct started *started);

/**
 * Whether the container's process was there and is no more: only then podman's status, once podman
 * ended, is the application's.
 */
bool started_and_ended(struct started *started);

/** Let go of the process. */
void started_close(struct started *started);

#define _started_cleanup_ __attribute__((cleanup(started_close)))
