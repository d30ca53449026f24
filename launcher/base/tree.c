/* SPDX-License-Identifier: BSD-3-Clause */
/* By descriptors, one a level: whoever may write into a folder of the tree can't lead us out of it.
 */
#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 256 /* one descriptor each */

static int remove_entries(int folder, int depth);

static int remove_one(DIR *parent, const char *name, int depth)
{
	int folder = dirfd(parent), fd, r;
	struct stat outer, inner;

	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth == 0)
		return -ELOOP;
	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(folder, &outer) < 0 || fstat(fd, &inner) < 0 || outer.st_dev != inner.st_dev) {
		close(fd);
		return -EBUSY;
	}
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
		one = remove_one(dir, entry->d_name, depth);
		r = one < 0 ? one : r;
	}
	closedir(dir);
	return r;
}

int tree_remove(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = remove_entries(fd, DEPTH_MAX);
	if (rmdir(path) < 0 && errno != ENOENT && r == 0)
		r = -errno;
	return r;
}
