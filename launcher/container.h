/* SPDX-License-Identifier: BSD-3-Clause */
/* What the launcher asks podman about a container that it started. */
#pragma once

#include <stddef.h>

struct cvio_error;
struct run_plan;

#define CONTAINER_LABEL "io.cvio.run" /* on each container: the launcher's name for this run */

#define CONTAINER_ID_MAX 80 /* bytes: an id has 64 letters */

/*
 * podman that was killed leaves children of its own that are still at work, and as long as they are
 * it refuses to remove what they are making. So it is tried so often, with a pause between.
 */
#define CONTAINER_TRIES 25
void container_pause(void);

/**
 * Ask podman about containers, running or not.
 *
 * @param filter  as `podman ps --filter` takes it; ours go by CONTAINER_LABEL, since under a name
 *                there may be somebody else's
 * @param format  "--format=…"
 * @param word    the first line of the answer; "" if there is none
 * @return        0, or -EIO
 */
int container_ask(const char *filter, const char *format, char *word, size_t size);

/** Stop and remove a container, if there is one. The filter is as above. */
void container_remove(const char *filter);

/** The same with the container of a run; run_id is the label's value. */
void container_discard(const char *run_id);

/**
 * Make podman's refusal to start a container into an error.
 *
 * @param reason  podman's own
 * @return        -EEXIST, CVIO_EXIT_CONFIG: another container has the name; else -EIO
 */
int container_refused(const struct run_plan *plan, const char *reason, struct cvio_error *err);

/** A pidfd of the container's process; -ESRCH when it has ended (err untouched), or another
 * negative errno. */
int container_pidfd(const char *name, struct cvio_error *err);

/**
 * Make the last words and the exit status of a container that ended too early into an error.
 *
 * @return a negative errno
 */
int container_ended(const struct run_plan *plan, struct cvio_error *err);
