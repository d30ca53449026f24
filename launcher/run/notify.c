/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman's own relay of NOTIFY_SOCKET makes `podman run -d` itself block, without a way to see the
 * container end, and differs from runtime to runtime. A socket of our own in a mounted folder works
 * under each of them. The container's user isn't ours, so the socket is open to all; that only we
 * and the container reach it is what the folder around it is for.
 */
#include "run/notify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"

static int bind_socket(struct notify *n)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int len = snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/ready.sock", n->inner);

	if (len >= (int)sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (n->fd < 0 || bind(n->fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
		chmod(addr.sun_path, 0666) < 0)
		return -errno;
	return 0;
}

int notify_open(struct notify *notify, const char *folder, struct cvio_error *err)
{
	int r;

	*notify = NOTIFY_INIT;
	snprintf(notify->inner, sizeof(notify->inner), "%s/notify", folder);
	/* chmod(), since mkdir() obeys the umask. */
	r = mkdir(notify->inner, 0711) < 0 || chmod(notify->inner, 0711) < 0 ? -errno : 0;
	if (r == 0)
		r = bind_socket(notify);
	if (r == 0)
		return 0;
	notify_close(notify);
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
		"run: %.200s: can't make the socket for the ready signal: %s; set XDG_RUNTIME_DIR "
		"to a folder with a short path",
		folder, strerror(-r));
}

static bool has_ready(const char *message)
{
	static const char ready[] = "READY=1";

	for (;;) {
		if (strncmp(message, ready, sizeof(ready) - 1) == 0 &&
			(message[sizeof(ready) - 1] == '\n' || message[sizeof(ready) - 1] == '\0'))
			return true;
		message = strchr(message, '\n');
		if (message == NULL)
			return false;
		message++;
	}
}

bool notify_is_ready(struct notify *notify)
{
	char message[4096];
	ssize_t n;

	while ((n = recv(notify->fd, message, sizeof(message) - 1, 0)) >= 0) {
		message[n] = '\0';
		if (has_ready(message))
			return true;
	}
	return false;
}

void notify_close(struct notify *notify)
{
	char path[PATH_MAX + 16];

	fd_close(&notify->fd);
	if (notify->inner[0] == '\0')
		return;
	snprintf(path, sizeof(path), "%s/ready.sock", notify->inner);
	unlink(path);
	rmdir(notify->inner);
	notify->inner[0] = '\0';
}
