/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A podman that a signal reaches before it passes signals on ends with status 0, as after an
 * application that ended well. Then there was no container's process yet, or it is still there:
 * podman writes the pid file when it makes the process, and else outlives it. The file goes with
 * the container's folder, which its hook removes: where both are gone, the process has been there.
 */
#include "run/started.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/child.h"
#include "state/state_tree.h"

/* The process's id; 0: not yet there, -1: gone with the folder. */
static long read_pid(const char *path)
{
	FILE *file = fopen(path, "re");
	char text[32];
	long pid = 0;

	if (file == NULL)
		return errno == ENOENT && !state_tree_holds(path) ? -1 : 0;
	if (fgets(text, sizeof(text), file) != NULL)
		pid = strtol(text, NULL, 10);
	fclose(file);
	return pid > 0 ? pid : 0;
}

void started_read(struct started *started)
{
	long pid = started->yes || started->pid_file == NULL ? -1 : read_pid(started->pid_file);

	if (pid == 0)
		return;
	if (pid > 0)
		started->pidfd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	started->yes = true;
}

bool started_and_ended(struct started *started)
{
	struct pollfd end = {.events = POLLIN};

	started_read(started);
	end.fd = started->pidfd;
	return started->yes && (end.fd < 0 || poll(&end, 1, 0) > 0);
}

void started_close(struct started *started)
{
	fd_close(&started->pidfd);
}
