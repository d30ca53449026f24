/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A podman that a signal reaches before it passes signals on ends with status 0, as after an
 * application that ended well. Then there was no container's process yet, or it is still there:
 * podman writes the pid file when it makes the process, and else outlives it. The runtime
 * and conmon use the file for a moment; it is removed soon, so that a launcher that is killed while
 * the application runs leaves nothing.
 */
#include "started.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"
#include "notify.h"

int started_open(struct started *started)
{
	int r;

	*started = (struct started)STARTED_INIT;
	r = notify_make_folder(started->folder, sizeof(started->folder));
	if (r == 0)
		snprintf(started->pid_file, sizeof(started->pid_file), "%s/pid", started->folder);
	else
		started->yes = true;
	return r;
}

void started_read(struct started *started)
{
	char text[32];
	FILE *file;
	long pid = 0;

	file = started->yes ? NULL : fopen(started->pid_file, "re");
	if (file == NULL)
		return;
	if (fgets(text, sizeof(text), file) != NULL)
		pid = strtol(text, NULL, 10);
	fclose(file);
	if (pid <= 0)
		return;
	started->yes = true;
	started->pidfd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	unlink(started->pid_file);
	rmdir(started->folder);
	started->folder[0] = '\0';
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
	if (started->folder[0] == '\0')
		return;
	unlink(started->pid_file);
	rmdir(started->folder);
	started->folder[0] = '\0';
	started->pid_file[0] = '\0';
}
