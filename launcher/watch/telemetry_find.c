/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All containers that run: their folders tell, podman isn't asked, which would take 50 ms and more.
 * Each is asked by a thread of its own.
 */
#include "watch/telemetry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "pmd/grammar/words.h"
#include "state/state.h"

struct job {
	pthread_t thread;
	bool started;
	bool polls;
	int folder; /* owned */
	struct container_figures *container;
};

static void read_description(int folder, struct container_figures *c)
{
	_fd_cleanup_ int fd = openat(folder, "container.json", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[16 << 10];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (n < 0 || telemetry_read_description(text, (size_t)n, c) < 0)
		snprintf(c->name, sizeof(c->name), "%s", c->run_id);
}

static bool wanted(const struct words *names, const struct container_figures *c)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->list[i], c->name) == 0 || strcmp(names->list[i], c->run_id) == 0)
			return true;
	return names->count == 0;
}

/* Who starts a container holds its folder's lock until it is ready (state.h): where nobody does and
 * no socket is there, a killed launcher left the folder. */
static bool is_starting(int folder)
{
	if (flock(folder, LOCK_SH | LOCK_NB) < 0)
		return true;
	flock(folder, LOCK_UN);
	return false;
}

static void *work(void *arg)
{
	struct job *job = arg;
	_fd_cleanup_ int folder =
		openat(job->folder, "telemetry", O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (folder < 0)
		job->container->state = TELEMETRY_STARTING;
	else
		telemetry_ask(folder, job->polls, job->container);
	if (job->container->state == TELEMETRY_STARTING && !is_starting(job->folder))
		job->container->state = TELEMETRY_GONE;
	return NULL;
}

static int add(int root, const char *run_id, const struct words *names, struct figures *figures)
{
	_fd_cleanup_ int folder = openat(root, run_id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct container_figures c = {0}, *list;

	if (folder < 0 || strlen(run_id) >= sizeof(c.run_id))
		return 0;
	memcpy(c.run_id, run_id, strlen(run_id) + 1);
	read_description(folder, &c);
	if (!wanted(names, &c))
		return 0;
	list = realloc(figures->list, (figures->count + 1) * sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	figures->list = list;
	list[figures->count++] = c;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct container_figures *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : strcmp(x->run_id, y->run_id);
}

/* A name that begins with a point is none of a container's folder. */
static int list_all(DIR *dir, const struct words *names, struct figures *figures)
{
	const struct dirent *entry;
	int r = 0;

	while (r == 0 && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "cvio-", 5) == 0)
			r = add(dirfd(dir), entry->d_name, names, figures);
	if (figures->count > 0)
		qsort(figures->list, figures->count, sizeof(*figures->list), by_name);
	return r;
}

static int ask_all(int root, bool polls, struct figures *figures)
{
	struct job *jobs = calloc(figures->count + 1, sizeof(*jobs));

	if (jobs == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < figures->count; i++) {
		struct job *job = &jobs[i];

		job->container = &figures->list[i];
		job->polls = polls;
		job->folder =
			openat(root, job->container->run_id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		job->started = pthread_create(&job->thread, NULL, work, job) == 0;
		if (!job->started)
			work(job);
	}
	for (size_t i = 0; i < figures->count; i++) {
		if (jobs[i].started)
			pthread_join(jobs[i].thread, NULL);
		fd_close(&jobs[i].folder);
	}
	free(jobs);
	return 0;
}

/* What has ended between two looks isn't there any more. */
static void drop_gone(struct figures *figures)
{
	size_t kept = 0;

	for (size_t i = 0; i < figures->count; i++)
		if (figures->list[i].state != TELEMETRY_GONE)
			figures->list[kept++] = figures->list[i];
	figures->count = kept;
}

static int check_names(
	const struct words *names, const struct figures *figures, struct cvio_error *err)
{
	for (size_t n = 0; n < names->count; n++) {
		bool found = false;

		for (size_t i = 0; i < figures->count; i++)
			found |= strcmp(names->list[n], figures->list[i].name) == 0 ||
				 strcmp(names->list[n], figures->list[i].run_id) == 0;
		if (!found)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENOENT,
				"%.128s: no container of cvio has this name and runs; `cvio stats` "
				"shows all",
				names->list[n]);
	}
	return 0;
}

int figures_collect(
	const struct words *names, bool polls, struct figures *figures, struct cvio_error *err)
{
	char path[PATH_MAX - 128];
	DIR *dir;
	int r = state_root(path, sizeof(path));

	*figures = (struct figures){0};
	dir = r < 0 ? NULL : opendir(path);
	if (dir != NULL) {
		r = list_all(dir, names, figures);
		if (r == 0)
			r = ask_all(dirfd(dir), polls, figures);
		closedir(dir);
	} else if (r == 0 && errno != ENOENT) {
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, -errno,
			"%.200s: %s; run it as the user who runs the containers", path,
			strerror(errno));
	}
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r, "%s", strerror(-r));
	drop_gone(figures);
	return check_names(names, figures, err);
}

void figures_fini(struct figures *figures)
{
	free(figures->list);
	*figures = (struct figures){0};
}
