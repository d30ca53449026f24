/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The launcher is a static program, so a folder with a copy of it is all that a container needs. A
 * copy, since the engine of an ordinary user may not reach where the launcher is installed.
 */
#include "check/check_rootfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/tree.h"

#define PREFIX "cvio-check-"
#define STALE 600 /* s: no container takes so long to print a version */

void rootfs_fini(struct rootfs *rootfs)
{
	if (rootfs->folder[0] != '\0')
		tree_remove(rootfs->folder);
	rootfs->folder[0] = '\0';
}

/* A launcher that was killed couldn't remove its folder. */
static void sweep(const char *parent)
{
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(parent);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 ||
			snprintf(path, sizeof(path), "%s/%s", parent, entry->d_name) >=
				(int)sizeof(path))
			continue;
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
			time(NULL) - st.st_mtime > STALE)
			tree_remove(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static int copy_program(const char *folder)
{
	_fd_cleanup_ int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	_fd_cleanup_ int to = -1;
	char path[PATH_MAX + sizeof(ROOTFS_PROGRAM)];
	ssize_t n;

	snprintf(path, sizeof(path), "%s" ROOTFS_PROGRAM, folder);
	to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (from < 0 || to < 0)
		return -errno;
	while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
		;
	/* whatever the umask: the container's user is another */
	return n < 0 || fchmod(to, 0755) < 0 ? -errno : 0;
}

int rootfs_init(struct rootfs *rootfs)
{
	const char *parent = getenv("TMPDIR");
	int r;

	if (parent == NULL || parent[0] != '/')
		parent = "/tmp";
	sweep(parent);
	if (snprintf(rootfs->folder, sizeof(rootfs->folder), "%s/" PREFIX "XXXXXX", parent) >=
		(int)sizeof(rootfs->folder)) {
		rootfs->folder[0] = '\0';
		return -ENAMETOOLONG;
	}
	if (mkdtemp(rootfs->folder) == NULL) {
		r = -errno;
		rootfs->folder[0] = '\0';
		return r;
	}
	return chmod(rootfs->folder, 0755) < 0 ? -errno : copy_program(rootfs->folder);
}
