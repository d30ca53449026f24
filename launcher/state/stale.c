/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A folder is left alone while its launcher lives, which a lock of its own tells, and, once its
 * container was seen to start, while the process of its pid file is there or the container in
 * another state than ended.
 *
 * A launcher that is gone without that mark was killed: with a foreground container, or before a
 * detached one was up. What it had started may be anything by then: a podman that is still making
 * the container, a container that never ran, a process that the runtime made and nobody will let
 * become the application, or an application that no signal but SIGKILL ends, since it waits for its
 * switch. So all of it is removed, again and again until podman lists nothing and nobody holds the
 * folder's lock.
 */
#include "state/stale.h"

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
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "base/names.h"
#include "pmd/grammar/words.h"
#include "state/container.h"
#include "state/stale_ports.h"
#include "state/state.h"
#include "state/state_tree.h"

/* Whether the launcher that made the folder is still there. One without the file was killed before
 * it could call podman, or is just about to make it: then the folder's lock tells. */
static bool launcher_lives(int folder)
{
	_fd_cleanup_ int fd = openat(folder, STATE_LAUNCHER, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return flock(fd >= 0 ? fd : folder, LOCK_EX | LOCK_NB) < 0;
}

static pid_t read_pid(int folder)
{
	_fd_cleanup_ int fd = openat(folder, "pid", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[32] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return 0;
	return (pid_t)strtol(text, NULL, 10);
}

static bool is_running(int folder)
{
	pid_t pid = read_pid(folder);

	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/* Rootless, what the container's user made is of another uid, which only podman's user namespace
 * may remove. */
static void remove_folder(const char *path)
{
	_capture_cleanup_ struct capture unshare = {0};

	if (state_tree_remove(path) < 0 && geteuid() != 0)
		capture_runl(&unshare, NULL, "podman", "unshare", "rm", "-rf", "--", path, NULL);
}

/* A process of that container: a pid may be another's by now. */
static bool is_of(pid_t pid, const char *id)
{
	char path[64], text[4096];
	size_t n;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	return strstr(text, id) != NULL;
}

/* An application that hears SIGTERM removes its sockets. One that has no handler yet ends by
 * SIGKILL a second later; stale_ports.c removes what it has made by then. */
static void remove_container(int folder, const char *id)
{
	_capture_cleanup_ struct capture removed = {0};
	pid_t pid;

	capture_runl(&removed, NULL, "podman", "rm", "--force", "--ignore", "--time=1", id, NULL);
	pid = read_pid(folder);
	if (pid > 0 && is_of(pid, id))
		kill(pid, SIGKILL);
}

static void remove_all(
	const char *path, const char *filter, int folder, const struct json_t *description)
{
	char id[CONTAINER_ID_MAX] = "", last[CONTAINER_ID_MAX] = "";

	for (int i = 0; i < CONTAINER_TRIES; i++) {
		if (container_ask(filter, "--format={{.ID}}", id, sizeof(id)) < 0)
			return;
		if (id[0] != '\0')
			strcpy(last, id);
		if (last[0] != '\0')
			remove_container(folder, last);
		if (id[0] == '\0' && flock(folder, LOCK_EX | LOCK_NB) == 0 &&
			!(last[0] != '\0' && is_of(read_pid(folder), last))) {
			stale_ports_remove(description, strrchr(path, '/') + 1);
			remove_folder(path);
			return;
		}
		container_pause();
	}
}

/* All that a killed launcher had started. */
static void remove_leftover(const char *path, const char *filter, int folder)
{
	json_t *description = stale_ports_read(folder);

	remove_all(path, filter, folder, description);
	json_decref(description);
}

/* A container that was up, and whose hook didn't come to remove the folder. One that ended stays,
 * for its log. */
static void remove_ended(const char *path, const char *filter, int folder)
{
	static const char *const ended[] = {"", "exited", "stopped", "dead"};
	char state[32];

	if (flock(folder, LOCK_EX | LOCK_NB) < 0 || is_running(folder) ||
		container_ask(filter, "--format={{.State}}", state, sizeof(state)) < 0)
		return;
	for (size_t i = 0; i < sizeof(ended) / sizeof(ended[0]); i++)
		if (strcasecmp(state, ended[i]) == 0)
			remove_folder(path);
}

static void sweep_one(const char *root, const char *run_id)
{
	char path[PATH_MAX], filter[PATH_MAX];
	_fd_cleanup_ int folder = -1;

	if (snprintf(path, sizeof(path), "%s/%s", root, run_id) >= PATH_MAX)
		return;
	snprintf(filter, sizeof(filter), "label=" CONTAINER_LABEL "=%.64s", run_id);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0 || launcher_lives(folder))
		return;
	if (!state_tree_is(path)) /* podman isn't called before the description is there */
		remove_folder(path);
	else if (faccessat(folder, STATE_STARTED, F_OK, 0) == 0)
		remove_ended(path, filter, folder);
	else
		remove_leftover(path, filter, folder);
}

void stale_sweep(void)
{
	char root[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (state_root(root, sizeof(root)) < 0)
		return;
	dir = opendir(root);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, RUN_ID_PREFIX, strlen(RUN_ID_PREFIX)) == 0)
			sweep_one(root, entry->d_name);
	if (dir != NULL)
		closedir(dir);
}
