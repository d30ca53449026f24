/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a foreground container ran to its end, which podman's exit status doesn't tell. */
#pragma once

#include <limits.h>
#include <stdbool.h>

/* A private folder with podman's --pidfile; both are removed once it was read. */
struct started {
	char folder[PATH_MAX - 64]; /* "" when there is none */
	char pid_file[PATH_MAX];    /* for podman; "" when there is none */
	int pidfd;                  /* of the container's process; owned; -1: none */
	bool yes;                   /* the process is or was there */
};

#define STARTED_INIT        \
	{                   \
		.pidfd = -1 \
	}

/**
 * Make the folder.
 *
 * @return 0; or a negative errno: nothing is left, and a container counts as started
 */
int started_open(struct started *started);

/** Take the process and remove the file, if it is there. Not to be called as soon as it may be: the
 * engine reads it too. */
void started_read(struct started *started);

/**
 * Whether the container's process was there and is no more: only then podman's status, once podman
 * ended, is the application's.
 */
bool started_and_ended(struct started *started);

/** Remove what is left. */
void started_close(struct started *started);

#define _started_cleanup_ __attribute__((cleanup(started_close)))
