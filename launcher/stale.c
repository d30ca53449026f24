/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A folder is left alone while somebody holds its lock (a launcher, or the podman that it started)
 * or, once its container was seen to start, while the process of its pid file is there. What
 * remains after that was left by a kill, unless podman knows better: it is asked once for all of
 * them. A container that exists and never ran is a leftover too: podman leaves it behind if it is
 * killed between making and starting it. One that ended is kept, for its log.
 */
#include "stale.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "container.h"
#include "plan.h"
#include "state.h"
#include "state_tree.h"
#include "words.h"

#define REMOVE_TRIES 5
#define REMOVE_PAUSE_NS 200000000

/* Without the mark, the process may be one that waits to become the application, for ever. */
static bool is_running(int folder)
{
	_fd_cleanup_ int fd = openat(folder, "pid", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[32] = "";
	long pid;

	if (faccessat(folder, STATE_STARTED, F_OK, 0) < 0)
		return false;
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return false;
	pid = strtol(text, NULL, 10);
	return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

/* Rootless, what the container's user made is of another uid, which only podman's user namespace
 * may remove. */
static void remove_folder(const char *path)
{
	_capture_cleanup_ struct capture unshare = {0};

	if (state_tree_remove(path) < 0 && geteuid() != 0)
		capture_runl(&unshare, NULL, "podman", "unshare", "rm", "-rf", "--", path, NULL);
}

/* A line of podman's list: the container's id, its state, our label. */
static bool line_of(const char *list, const char *run_id, char *id, char *state)
{
	char label[64];

	for (const char *line = list; line != NULL && *line != '\0';) {
		if (sscanf(line, "%79s %31s %63s", id, state, label) == 3 &&
			strcmp(label, run_id) == 0)
			return true;
		line = strchr(line, '\n');
		line = line == NULL ? NULL : line + 1;
	}
	return false;
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(word, *list) == 0)
			return true;
	return false;
}

/* What podman left behind may still be made by what podman had started: then it is refused. */
static bool remove_container(const char *id)
{
	for (int i = 0; i < REMOVE_TRIES; i++) {
		_capture_cleanup_ struct capture removed = {0};

		if (capture_runl(&removed, NULL, "podman", "rm", "--force", "--ignore", "--time=2",
			    id, NULL) < 0)
			return false;
		if (removed.status == 0)
			return true;
		nanosleep(&(struct timespec){.tv_nsec = REMOVE_PAUSE_NS}, NULL);
	}
	return false;
}

/* Whether nothing needs the folder any more. */
static bool settle(const char *run_id, const char *list)
{
	static const char *const never_ran[] = {"created", "configured", "initialized", NULL};
	static const char *const ended[] = {"exited", "stopped", "dead", NULL};
	char id[80], state[32];

	if (!line_of(list, run_id, id, state))
		return true;
	if (!is_one_of(state, never_ran))
		return is_one_of(state, ended);
	return remove_container(id);
}

/* The list is fetched at the first folder that needs it. */
static void sweep_one(const char *root, const char *run_id, struct capture *list)
{
	char path[PATH_MAX];
	_fd_cleanup_ int folder = -1;

	if (snprintf(path, sizeof(path), "%s/%s", root, run_id) >= PATH_MAX)
		return;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0 || flock(folder, LOCK_EX | LOCK_NB) < 0 || is_running(folder))
		return;
	if (!state_tree_is(path)) { /* podman isn't called before the description is there */
		remove_folder(path);
		return;
	}
	if (list->out == NULL &&
		capture_runl(list, NULL, "podman", "ps", "--all", "--no-trunc",
			"--filter=label=" CONTAINER_LABEL,
			"--format={{.ID}} {{.State}} {{index .Labels \"" CONTAINER_LABEL "\"}}",
			NULL) < 0)
		return;
	if (list->status == 0 && settle(run_id, list->out))
		remove_folder(path);
}

void stale_sweep(void)
{
	_capture_cleanup_ struct capture list = {0};
	char root[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (state_root(root, sizeof(root)) < 0)
		return;
	dir = opendir(root);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, PLAN_RUN_ID_PREFIX, strlen(PLAN_RUN_ID_PREFIX)) == 0)
			sweep_one(root, entry->d_name, &list);
	if (dir != NULL)
		closedir(dir);
}
