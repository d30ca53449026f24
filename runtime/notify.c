/* SPDX-License-Identifier: BSD-3-Clause */
/* libsystemd is LGPL and larger than the image; the protocol is one datagram. */
#include "runtime/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "pmd/log.h"

static int notify_send(const char *path, const char *state)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int ret = 0;
	int fd;

	if (path[0] != '/' && path[0] != '@')
		return -EINVAL;
	if (len >= sizeof(un.sun_path))
		return -ENAMETOOLONG;
	memcpy(un.sun_path, path, len);
	if (path[0] == '@') /* the abstract name space */
		un.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&un,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

void notify_ready(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	int ret = path == NULL ? 0 : notify_send(path, "READY=1");

	if (ret < 0)
		log_line(LOG_LEVEL_WARNING, "NOTIFY_SOCKET: \"%s\": READY=1 could not be sent: %s",
			path, strerror(-ret));
}
