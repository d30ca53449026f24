/* SPDX-License-Identifier: BSD-3-Clause */
/* Removing a container's folder. */
#pragma once

#include <stdbool.h>

#define STATE_HUGEPAGES "hugepages" /* in the folder: where its hugetlbfs is mounted */
#define STATE_LAUNCHER "launcher"   /* locked by the launcher alone, for as long as it lives */
#define STATE_STARTED "started"     /* there once a detached container was seen to be ready */

/**
 * Unmount what is mounted in a container's folder and remove it with all that is in it. The
 * container's user may have written there, so no symbolic link is followed.
 *
 * @param path  of the folder; gone already is well
 * @return      0 or a negative errno
 */
int state_tree_remove(const char *path);

/** Whether a path is that of a container's folder, by its name and its container.json. */
bool state_tree_is(const char *path);

/** Whether the folder that a file in it has by its path is still there. */
bool state_tree_holds(const char *file);
