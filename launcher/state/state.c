/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a container needs on the host beside podman's own goes into one folder, so that one removal
 * is the whole of it: by the launcher when a start fails, by the container's hook at its end
 * (hook.c), by the next launcher when neither came to it (stale.c). It is made before podman is
 * called, so it is found even if the launcher is killed the moment after.
 */
#include "state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "base/exit.h"
#include "image/image.h"
#include "pmd/grammar/words.h"
#include "state/state_tree.h"

#define TRIES 100 /* to make and lock a folder that others take for a leftover */

int state_root(char *buf, size_t size)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	int n;

	if (geteuid() == 0)
		n = snprintf(buf, size, "/run/cvio");
	else if (run != NULL && run[0] == '/')
		n = snprintf(buf, size, "%s/cvio", run);
	else
		n = snprintf(buf, size, "/run/user/%u/cvio", geteuid());
	return n < (int)size ? 0 : -ENAMETOOLONG;
}

/* A descriptor without O_CLOEXEC: the lock goes with it to podman. */
static int make_locked(const char *path)
{
	struct stat st;
	int fd;

	for (int i = 0; i < TRIES; i++) {
		if (mkdir(path, 0700) < 0)
			return -errno;
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		if (fd >= 0 && flock(fd, LOCK_EX) == 0 && fstat(fd, &st) == 0 && st.st_nlink > 0)
			return fd;
		/* another launcher saw it before it was locked, and removed it */
		if (fd >= 0)
			close(fd);
	}
	return -EAGAIN;
}

int state_open(struct state *state, const char *run_id, struct cvio_error *err)
{
	char root[PATH_MAX - 128];
	int r;

	*state = STATE_INIT;
	r = state_root(root, sizeof(root));
	/* Its folders are closed, so that it may be open: an application's socket can be there. */
	if (r == 0 && mkdir(root, 0755) < 0 && errno != EEXIST)
		r = -errno;
	if (r == 0) {
		snprintf(state->path, sizeof(state->path), "%s/%s", root, run_id);
		state->lock = make_locked(state->path);
		if (state->lock < 0)
			state->path[0] = '\0';
		r = state->lock < 0 ? state->lock : 0;
	}
	if (r == 0) {
		state->launcher =
			openat(state->lock, STATE_LAUNCHER, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		r = state->launcher < 0 || flock(state->launcher, LOCK_EX) < 0 ? -errno : 0;
	}
	if (r == 0)
		return 0;
	state_close(state);
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
		"run: %.200s: can't make the container's folder: %s; %s", root, strerror(-r),
		geteuid() == 0 ? "mount a tmpfs on /run"
			       : "set XDG_RUNTIME_DIR to a folder of yours");
}

static int failed(const struct state *state, const char *name, int r, struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r, "run: %.200s/%s: %s; free some space",
		state->path, name, strerror(-r));
}

int state_subfolder(const struct state *state, const char *name, const struct image_user *user,
	char *buf, struct cvio_error *err)
{
	mode_t mode = user != NULL ? 0700 : 0777;
	int r = 0;

	snprintf(buf, PATH_MAX, "%s/%s", state->path, name);
	/* chmod(), since mkdir() obeys the umask */
	if (mkdirat(state->lock, name, 0700) < 0 || fchmodat(state->lock, name, mode, 0) < 0)
		r = -errno;
	else if (user != NULL && fchownat(state->lock, name, user->uid, user->gid, 0) < 0)
		r = -errno;
	return r < 0 ? failed(state, name, r, err) : 0;
}

int state_write(const struct state *state, const char *name, const char *text)
{
	static const char temporary[] = ".new";
	_fd_cleanup_ int fd =
		openat(state->lock, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	ssize_t n = fd < 0 ? -1 : write(fd, text, len);

	if (n == (ssize_t)len && renameat(state->lock, temporary, state->lock, name) == 0)
		return 0;
	return n >= 0 && n < (ssize_t)len ? -ENOSPC : -errno;
}

int state_describe(const struct state *state, const struct state_run *run, struct cvio_error *err)
{
	json_t *list = json_array(), *json;
	char *text;
	int r;

	for (size_t i = 0; i < run->ports->count; i++)
		json_array_append_new(list, json_string(run->ports->list[i]));
	json = json_pack("{s:s, s:s, s:s, s:o, s:i, s:I}", "run_id", run->run_id, "name", run->name,
		"image", run->image, "ports", list, "pid", (int)getpid(), "created",
		(json_int_t)time(NULL));
	text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
	r = text == NULL ? -EINVAL : state_write(state, "container.json", text);
	free(text);
	json_decref(json);
	return r < 0 ? failed(state, "container.json", r, err) : 0;
}

static void forget(struct state *state)
{
	fd_close(&state->lock);
	fd_close(&state->launcher);
	state->path[0] = '\0';
}

void state_leave(struct state *state)
{
	state_write(state, STATE_STARTED, "");
	forget(state);
}

void state_close(struct state *state)
{
	if (state->path[0] != '\0')
		state_tree_remove(state->path);
	forget(state);
}
