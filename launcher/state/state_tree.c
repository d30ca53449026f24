/* SPDX-License-Identifier: BSD-3-Clause */
#include "state/state_tree.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/names.h"
#include "base/tree.h"

int state_tree_remove(const char *path)
{
	char mount_point[PATH_MAX];

	/* What still has a file open keeps its pages until it ends. */
	if (snprintf(mount_point, sizeof(mount_point), "%s/" STATE_HUGEPAGES, path) < PATH_MAX)
		umount2(mount_point, MNT_DETACH | UMOUNT_NOFOLLOW);
	return tree_remove(path);
}

bool state_tree_is(const char *path)
{
	const char *slash = strrchr(path, '/');
	char file[PATH_MAX];

	if (path[0] != '/' || strncmp(slash + 1, RUN_ID_PREFIX, strlen(RUN_ID_PREFIX)) != 0)
		return false;
	return snprintf(file, sizeof(file), "%s/container.json", path) < PATH_MAX &&
	       access(file, F_OK) == 0;
}

bool state_tree_holds(const char *file)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(file, '/') - file), file);
	return access(folder, F_OK) == 0;
}
