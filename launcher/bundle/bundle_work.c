/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals are only looked at between steps, so that each way out, Ctrl-C's too, is a return that
 * removes the folder and takes back what was stored.
 */
#include "bundle/bundle_work.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/tree.h"
#include "pmd/grammar/words.h"

static void end_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

int work_begin(struct bundle_work *work, struct cvio_error *err)
{
	sigset_t set;

	end_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	work->sig_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	work->terminal = isatty(STDERR_FILENO) == 1;
	if (work->sig_fd < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -errno, "bundle: signalfd: %s", strerror(errno));
	return 0;
}

int work_make_folder(struct bundle_work *work, uint64_t bytes, struct cvio_error *err)
{
	const char *parent = getenv("TMPDIR");
	struct statvfs fs;

	if (parent == NULL || parent[0] != '/')
		parent = "/var/tmp";
	if (snprintf(work->folder, sizeof(work->folder), "%s/cvio-bundle-XXXXXX", parent) >=
			(int)sizeof(work->folder) ||
		mkdtemp(work->folder) == NULL) {
		work->folder[0] = '\0';
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
			"bundle: %.200s: %s; name a writable folder by TMPDIR", parent,
			strerror(errno));
	}
	if (statvfs(work->folder, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize < bytes)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOSPC,
			"bundle: %.200s: %llu MiB are wanted, %llu MiB are free; name a folder "
			"with more room by TMPDIR",
			parent, (unsigned long long)(bytes >> 20),
			(unsigned long long)fs.f_bavail * fs.f_frsize >> 20);
	return 0;
}

void work_fini(struct bundle_work *work)
{
	sigset_t set;

	work_show_end(work);
	if (work->folder[0] != '\0')
		tree_remove(work->folder);
	work->folder[0] = '\0';
	if (work->sig_fd >= 0) {
		struct signalfd_siginfo seen;

		/* what has been heard must not end the process before it has said why */
		while (read(work->sig_fd, &seen, sizeof(seen)) > 0)
			;
		end_signals(&set);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	fd_close(&work->sig_fd);
}

int work_stopped(const struct bundle_work *work, struct cvio_error *err)
{
	struct pollfd fd = {.fd = work->sig_fd, .events = POLLIN};

	if (work->sig_fd < 0 || poll(&fd, 1, 0) <= 0)
		return 0;
	return cvio_error_set(
		err, 128 + SIGINT, -EINTR, "bundle: interrupted; all is as it was before");
}

void work_show(const struct bundle_work *work, const char *fmt, ...)
{
	va_list ap;

	if (!work->terminal)
		return;
	va_start(ap, fmt);
	fputs("\r\033[K", stderr);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
}

void work_show_end(const struct bundle_work *work)
{
	if (work->terminal)
		fputs("\r\033[K", stderr);
}

int work_tool(const struct bundle_work *work, const struct words *argv, struct capture *capture,
	struct cvio_error *err)
{
	_capture_cleanup_ struct capture own = {0};
	int r = work_stopped(work, err);

	if (r == 0)
		r = capture_run(argv, work->sig_fd, &own, err);
	if (r == -ENOENT)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PODMAN, r,
			"bundle: %s: not found in PATH; install it (Debian: apt install podman "
			"skopeo openssh-client git)",
			argv->list[0]);
	if (r == 0)
		r = work_stopped(work, err);
	if (r < 0)
		return r;
	if (own.status != 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
			"bundle: %s %s ended with %d: %.300s", argv->list[0],
			argv->count > 1 ? argv->list[1] : "", own.status, capture_reason(&own));
	if (capture != NULL) {
		*capture = own;
		own = (struct capture){0};
	}
	return 0;
}

int work_tooll(const struct bundle_work *work, struct cvio_error *err, ...)
{
	_words_cleanup_ struct words argv = {0};
	va_list ap;

	va_start(ap, err);
	words_vadd(&argv, ap);
	va_end(ap);
	return work_tool(work, &argv, NULL, err);
}

int work_wait(const struct bundle_work *work, struct child *child)
{
	struct pollfd fds[] = {
		{.fd = child->pidfd, .events = POLLIN}, {.fd = work->sig_fd, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0 || fds[0].revents == 0) {
		if (fds[1].revents != 0) {
			kill(child->pid, SIGTERM);
			fds[1].fd = -1;
		}
	}
	return child_reap(child);
}

char *path_make(const char *fmt, ...)
{
	char *path;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&path, fmt, ap);
	va_end(ap);
	return len < 0 ? NULL : path;
}

int path_make_folders(const char *path)
{
	char folder[WORK_PATH_MAX];

	for (const char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		if (snprintf(folder, sizeof(folder), "%.*s", (int)(at - path), path) >=
			(int)sizeof(folder))
			return -ENAMETOOLONG;
		if (mkdir(folder, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

char *path_read(const char *path, size_t max, size_t *size)
{
	_fd_cleanup_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t have = 0;
	ssize_t got;

	if (fd < 0)
		return NULL;
	text = malloc(max + 1);
	while (text != NULL && have < max && (got = read(fd, text + have, max - have)) != 0) {
		if (got < 0 && errno != EINTR) {
			text_free(&text);
			return NULL;
		}
		have += got > 0 ? (size_t)got : 0;
	}
	if (text == NULL)
		return NULL;
	text[have] = '\0';
	if (size != NULL)
		*size = have;
	return text;
}

void text_free(char **text)
{
	free(*text);
	*text = NULL;
}

void json_free(struct json_t **json)
{
	json_decref(*json);
	*json = NULL;
}
