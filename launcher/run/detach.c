/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio run -d` ends when the image says READY=1, when the container ends, or when the operator has
 * had enough; in the last two cases nothing of it stays. The container's end is seen by a pidfd of
 * its process: cheaper than a `podman wait` that runs beside.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/signals.h"
#include "run/container_end.h"
#include "run/notify.h"
#include "run/supervise.h"
#include "state/container.h"

#define NOTICE_AFTER 5000 /* ms: longer than any start that hasn't to wait for a switch */

enum outcome {
	OUTCOME_READY,
	OUTCOME_ENDED,
	OUTCOME_INTERRUPTED,
};

static enum outcome wait_outcome(const char *name, struct notify *notify, int pid_fd, int sig_fd)
{
	struct pollfd fds[] = {{.fd = notify->fd, .events = POLLIN},
		{.fd = sig_fd, .events = POLLIN}, {.fd = pid_fd, .events = POLLIN}};
	int timeout = NOTICE_AFTER, n;

	for (;;) {
		n = poll(fds, 3, timeout);
		if (n == 0) {
			fprintf(stderr,
				"cvio: run: %s: still starting; `podman logs %s` tells what it "
				"waits for, Ctrl-C ends it\n",
				name, name);
			timeout = -1;
		}
		if (n <= 0)
			continue;
		if (fds[0].revents != 0 && notify_is_ready(notify))
			return OUTCOME_READY;
		if (fds[1].revents != 0)
			return OUTCOME_INTERRUPTED;
		if (fds[2].revents != 0)
			return OUTCOME_ENDED;
	}
}

static int interrupted(const char *name, int sig_fd, struct cvio_error *err)
{
	struct signalfd_siginfo info = {.ssi_signo = SIGTERM};

	if (read(sig_fd, &info, sizeof(info)) < 0)
		info.ssi_signo = SIGTERM;
	return cvio_error_set(err, 128 + (int)info.ssi_signo, -EINTR,
		"run: %s: interrupted before its ports were up; the container is removed", name);
}

static int await(
	const struct run_plan *plan, struct notify *notify, int sig_fd, struct cvio_error *err)
{
	_fd_cleanup_ int pid_fd = container_pidfd(plan->name, err);
	enum outcome outcome;

	if (pid_fd < 0 && pid_fd != -ESRCH)
		return pid_fd;
	if (pid_fd < 0)
		outcome = notify_is_ready(notify) ? OUTCOME_READY : OUTCOME_ENDED;
	else
		outcome = wait_outcome(plan->name, notify, pid_fd, sig_fd);
	if (outcome == OUTCOME_INTERRUPTED)
		return interrupted(plan->name, sig_fd, err);
	return outcome == OUTCOME_ENDED ? container_ended(plan, err) : 0;
}

static int start(const struct run_plan *plan, int sig_fd, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	_capture_cleanup_ struct capture podman = {0};
	struct pollfd interrupt = {.fd = sig_fd, .events = POLLIN};
	int r;

	if (plan_argv(plan, &argv) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	r = capture_run(&argv, sig_fd, &podman, err);
	if (r < 0)
		return r;
	if (poll(&interrupt, 1, 0) > 0)
		return interrupted(plan->name, sig_fd, err);
	if (podman.status != 0)
		return container_refused(plan, capture_reason(&podman), err);
	fputs(podman.err, stderr); /* its warnings */
	return 0;
}

int run_detached(struct run_plan *plan, const char *folder, bool wait_ready, struct cvio_error *err)
{
	_notify_cleanup_ struct notify notify = NOTIFY_INIT;
	_fd_cleanup_ int sig_fd = signals_catch();
	int r;

	if (sig_fd < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, sig_fd,
			"run: signals: %s; try again", strerror(-sig_fd));
	r = wait_ready ? notify_open(&notify, folder, err) : 0;
	if (r < 0)
		return r;
	plan->notify_dir = wait_ready ? notify.inner : NULL;
	r = start(plan, sig_fd, err);
	if (r == 0 && wait_ready)
		r = await(plan, &notify, sig_fd, err);
	plan->notify_dir = NULL;
	if (r < 0) {
		container_discard(plan->run_id);
		return r;
	}
	puts(plan->name);
	return 0;
}
