/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chain's folder is closed to others. A link's folder in it belongs to the user of the image
 * that makes the socket. Rootless, that user is mapped to a number that the launcher may not give
 * files to; then it is open to all, which are the containers that have it mounted.
 *
 * The lock is on the folder itself, so that nothing but it has to be removed. Who got it looks
 * whether the folder is still the one at the path: the one before may have removed it.
 */
#include "chain/chain_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/tree.h"

#define TRIES 16 /* others may remove the folder as often while it is opened */

int chain_folder_path(const char *chain, struct chain_folder *folder, struct cvio_error *err)
{
	const char *base = geteuid() == 0 ? "/run" : getenv("XDG_RUNTIME_DIR");

	if (base == NULL || base[0] != '/' ||
		snprintf(folder->path, sizeof(folder->path), "%s/cvio/chain-%s", base, chain) >=
			(int)sizeof(folder->path))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"XDG_RUNTIME_DIR: %.100s: is not the path of a folder for sockets; set it "
			"to one of yours, such as /run/user/%u",
			base == NULL ? "unset" : base, geteuid());
	return 0;
}

static int make_path(const struct chain_folder *folder)
{
	char above[sizeof(folder->path)];

	snprintf(above, sizeof(above), "%s", folder->path);
	*strrchr(above, '/') = '\0';
	if (mkdir(above, 0755) < 0 && errno != EEXIST)
		return -errno;
	if (mkdir(folder->path, 0700) < 0 && errno != EEXIST)
		return errno == ENOENT ? -EAGAIN : -errno; /* the one above was removed meanwhile */
	return 0;
}

/* Whether the open folder is still the one at the path. */
static bool is_current(const struct chain_folder *folder)
{
	struct stat ours, there;

	return fstat(folder->fd, &ours) == 0 && lstat(folder->path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static int try_open(struct chain_folder *folder)
{
	int r = make_path(folder);

	if (r < 0)
		return r;
	folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder->fd < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (flock(folder->fd, LOCK_EX | LOCK_NB) < 0)
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	else if (!is_current(folder))
		r = -EAGAIN;
	else if (fchmod(folder->fd, 0700) < 0) /* made by a script of `cvio generate`, it is open */
		r = -errno;
	if (r < 0)
		fd_close(&folder->fd);
	return r;
}

int chain_folder_open(struct chain_folder *folder, const char *chain, struct cvio_error *err)
{
	int r = chain_folder_path(chain, folder, err);

	if (r < 0)
		return r;
	r = -EAGAIN;
	for (int tries = 0; r == -EAGAIN && tries < TRIES; tries++)
		r = try_open(folder);
	if (r == -EBUSY)
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, r,
			"%s: another `cvio up` or `cvio down` is at work on this chain; wait for "
			"it",
			chain);
	return r == 0 ? 0
		      : cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
				"%s: %s; make a folder for sockets possible there", folder->path,
				strerror(-r));
}

static bool is_planned(const struct chain_plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->folders.count; i++)
		if (strcmp(plan->folders.list[i], path) == 0)
			return true;
	return false;
}

static void remove_others(const struct chain_folder *folder, const struct chain_plan *plan)
{
	DIR *dir = opendir(folder->path);
	char path[CHAIN_PATH_MAX + NAME_MAX];
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder->path, entry->d_name);
		if (!is_planned(plan, path))
			tree_remove(path);
	}
	if (dir != NULL)
		closedir(dir);
}

/* A user may not give a folder away, even to a subordinate uid; then the chain's, which is closed,
 * is what keeps others out. */
static int make_link_folder(const char *path, const struct image_user *owner)
{
	bool give = geteuid() == 0 && owner->known;
	struct stat st;

	/* one of a script of `cvio generate` is a subordinate uid's */
	if (!give && lstat(path, &st) == 0 && st.st_uid != geteuid())
		rmdir(path);

	/* chmod(), since mkdir() obeys the umask */
	if ((mkdir(path, 0700) < 0 && errno != EEXIST) || chmod(path, give ? 0755 : 0777) < 0)
		return -1;
	return give ? chown(path, owner->uid, owner->gid) : 0;
}

int chain_folder_fill(
	const struct chain_folder *folder, const struct chain_plan *plan, struct cvio_error *err)
{
	remove_others(folder, plan);
	for (size_t i = 0; i < plan->folders.count; i++) {
		const char *path = plan->folders.list[i];

		if (make_link_folder(path, &plan->steps[chain_plan_maker(plan, i)].user) < 0)
			return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
				"%.300s: %s; remove it, or free some space there", path,
				strerror(errno));
	}
	return 0;
}

void chain_folder_remove(const struct chain_folder *folder)
{
	char above[sizeof(folder->path)];

	tree_remove(folder->path);
	snprintf(above, sizeof(above), "%s", folder->path);
	*strrchr(above, '/') = '\0';
	rmdir(above); /* unless others have something in it */
}

void chain_folder_fini(struct chain_folder *folder)
{
	fd_close(&folder->fd);
}
