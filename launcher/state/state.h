/* SPDX-License-Identifier: BSD-3-Clause */
/* The folder that a container has on the host while it runs. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct cvio_error;
struct image_user;
struct words;

/*
 * RUN_ID/ under state_root(), with container.json, hooks/, and as the container needs them
 * telemetry/, hugepages/ (a mount), notify/ and the pid file that podman writes.
 */
struct state {
	char path[PATH_MAX - 64]; /* "" when there is none */
	int lock;                 /* on the folder, locked; owned; -1: none */
	int launcher;             /* on STATE_LAUNCHER in it, likewise */
};

#define STATE_INIT ((struct state){.lock = -1, .launcher = -1})

/** The folder of all: /run/cvio, or $XDG_RUNTIME_DIR/cvio without root. Returns 0 or -ENAMETOOLONG.
 */
int state_root(char *buf, size_t size);

/**
 * Make a container's folder, closed to others, and lock it.
 *
 * The lock's descriptor is open in children too: it is held as long as the launcher or the podman
 * that it started are there. That on STATE_LAUNCHER is the launcher's alone. stale.c looks at both.
 *
 * @param state   to be closed whatever the result
 * @param run_id  of RUN_ID_PREFIX and letters
 * @param err     CVIO_EXIT_SOFTWARE, with the remedy
 */
int state_open(struct state *state, const char *run_id, struct cvio_error *err);

/**
 * Make a folder in it that the container's user may write to.
 *
 * @param user  NULL: whoever it is, for only the container gets there
 * @param buf   PATH_MAX bytes: its path
 */
int state_subfolder(const struct state *state, const char *name, const struct image_user *user,
	char *buf, struct cvio_error *err);

/* What is told of a run; all borrowed. */
struct state_run {
	const char *run_id, *name, *image;
	const struct words *ports; /* as they were given */
};

/** Write container.json, whole or not at all. */
int state_describe(const struct state *state, const struct state_run *run, struct cvio_error *err);

/** Write a file in it, whole or not at all; name may begin with a subfolder that is there. */
int state_write(const struct state *state, const char *name, const char *text);

/** Mark the folder as that of a container that has started, unlock it and let it be. */
void state_leave(struct state *state);

/** Remove the folder with all that is in it. */
void state_close(struct state *state);

#define _state_cleanup_ __attribute__((cleanup(state_close)))
