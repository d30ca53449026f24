/* SPDX-License-Identifier: BSD-3-Clause */
/* What the launcher asks podman about a container that it started. */
#pragma once

#include <stddef.h>

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
