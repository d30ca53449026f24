/* SPDX-License-Identifier: BSD-3-Clause */
#include "run/container_end.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/names.h"
#include "run/plan.h"

#define LOG_LINES 20 /* that are shown before the last */

/* By the label: what has the name may also be our own, made but not started. */
static bool is_taken(const struct run_plan *plan)
{
	_capture_cleanup_ struct capture inspect = {0};

	if (capture_runl(&inspect, NULL, "podman", "inspect", "--type=container",
		    "--format={{index .Config.Labels \"" CONTAINER_LABEL "\"}}", "--", plan->name,
		    NULL) < 0)
		return false;
	return inspect.status == 0 && strcmp(last_line(inspect.out), plan->run_id) != 0;
}

int container_refused(const struct run_plan *plan, const char *reason, struct cvio_error *err)
{
	if (is_taken(plan))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EEXIST,
			"--name: %s: another container has this name; `podman rm %s`, or choose "
			"another",
			plan->name, plan->name);
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
		"podman: %s: %.300s; `cvio run --dry-run` shows the command", plan->image, reason);
}

int container_pidfd(const char *name, struct cvio_error *err)
{
	_capture_cleanup_ struct capture inspect = {0};
	int r = capture_runl(&inspect, err, "podman", "inspect", "--type=container",
		"--format={{.State.Pid}}", name, NULL);
	long pid;
	int fd;

	if (r < 0)
		return r;
	pid = strtol(inspect.out, NULL, 10);
	if (inspect.status != 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
			"podman: %s: %.300s; try `podman ps -a`", name, capture_reason(&inspect));
	if (pid <= 0)
		return -ESRCH;
	fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (fd < 0 && errno != ESRCH)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
			"run: %s: pidfd_open: %s; try again", name, strerror(errno));
	return fd < 0 ? -ESRCH : fd;
}

/* The log goes with the container, and its last line may refer to what is above. */
static void print_before(const char *log, const char *last)
{
	const char *from = last;

	for (int lines = 0; from > log && lines < LOG_LINES; lines++)
		for (from--; from > log && from[-1] != '\n';)
			from--;
	fwrite(from, 1, (size_t)(last - from), stderr);
}

int container_ended(const struct run_plan *plan, struct cvio_error *err)
{
	const char *name = plan->name;
	_capture_cleanup_ struct capture wait = {0}, logs = {0};
	const char *reason = "";
	char outside[sizeof(err->text)];
	int r = capture_runl(&wait, err, "podman", "wait", name, NULL), status;

	if (r < 0)
		return r;
	status = wait.status == 0 ? (int)strtol(wait.out, NULL, 10) : CVIO_EXIT_SOFTWARE;
	if (capture_runl(&logs, NULL, "podman", "logs", name, NULL) == 0 && logs.status == 0) {
		reason = last_line(logs.err);
		print_before(logs.err, reason);
	}
	if (strncmp(reason, "cvio: ", 6) == 0)
		reason += 6;
	if (status == 0 || *reason == '\0')
		return cvio_error_set(err, status == 0 ? CVIO_EXIT_SOFTWARE : status, -ECHILD,
			"run: %s: ended with status %d before its ports were up; run it without -d "
			"to see more",
			name, status);
	plan_outside(plan, reason, outside, sizeof(outside));
	return cvio_error_set(err, status, -ECHILD, "%s", outside);
}
