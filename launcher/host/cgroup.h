/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the caller's cgroup of a controller is in the file system, for version 1, 2 and both at
 * once. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct cgroup {
	int version;           /* 1 or 2 */
	size_t top;            /* the length of the path of the mount, above which is nothing */
	char folder[PATH_MAX]; /* without a last slash */
};

/**
 * Find the cgroup.
 *
 * @param cgroups     the text of /proc/self/cgroup
 * @param mounts      the text of /proc/self/mountinfo
 * @param controller  such as "hugetlb"; one that no hierarchy of version 1 has is looked for in
 *                    version 2, whether it is on there or not
 * @param cgroup      written on success only
 * @return            0; -ENOENT: the hierarchy isn't mounted, or there is none; -ENAMETOOLONG
 */
int cgroup_find(
	const char *cgroups, const char *mounts, const char *controller, struct cgroup *cgroup);

/** Go to the parent; false at the top, where nothing is changed. */
bool cgroup_parent(struct cgroup *cgroup);
