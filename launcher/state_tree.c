/* SPDX-License-Identifier: BSD-3-Clause */
/* By descriptors, one a level: whoever may write into a folder of the tree can't lead us out of it.
 */
#include "state_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plan.h"

#define DEPTH_MAX 64 /* one descriptor each */

static int remove_entries(int folder, int depth);

static int remove_one(int folder, const char *name, int depth)
{
	int fd, r;

	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth == 0)
		return -ELOOP;
	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = remove_entries(fd, depth - 1);
	if (unlinkat(folder, name, AT_REMOVEDIR) < 0 && errno != ENOENT && r == 0)
		r = -errno;
	return r;
}

/* Takes the descriptor. */
static int remove_entries(int folder, int depth)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;
	int r = 0, one;

	if (dir == NULL) {
		r = -errno;
		close(folder);
		return r;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		one = remove_one(folder, entry->d_name, depth);
		r = one < 0 ? one : r;
	}
	closedir(dir);
	return r;
}

int state_tree_remove(const char *path)
{
	char mount_point[PATH_MAX];
	int fd, r;

	/* What still has a file open keeps its pages until it ends. */
	if (snprintf(mount_point, sizeof(mount_point), "%s/" STATE_HUGEPAGES, path) < PATH_MAX)
		umount2(mount_point, MNT_DETACH | UMOUNT_NOFOLLOW);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = remove_entries(fd, DEPTH_MAX);
	if (rmdir(path) < 0 && errno != ENOENT && r == 0)
		r = -errno;
	return r;
}

bool state_tree_is(const char *path)
{
	const char *slash = strrchr(path, '/');
	char file[PATH_MAX];

	if (path[0] != '/' ||
		strncmp(slash + 1, PLAN_RUN_ID_PREFIX, strlen(PLAN_RUN_ID_PREFIX)) != 0)
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
