/* SPDX-License-Identifier: BSD-3-Clause */
/* A folder with this program in it: a root file system without an image. */
#pragma once

#include <limits.h>

#define ROOTFS_PROGRAM "/cvio" /* where the program is in it */

struct rootfs {
	char folder[PATH_MAX]; /* "" is none */
};

/**
 * Make the folder in TMPDIR or /tmp, and remove those that killed launchers of the same user left.
 *
 * @param rootfs  to be removed whatever the result
 * @return        0 or a negative errno
 */
int rootfs_init(struct rootfs *rootfs);

/** Remove it with what the engine made in it. */
void rootfs_fini(struct rootfs *rootfs);

#define _rootfs_cleanup_ __attribute__((cleanup(rootfs_fini)))
