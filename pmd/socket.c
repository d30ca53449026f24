/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int socket_probe(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct stat st;
	int fd, ret;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	if ((size_t)snprintf(un.sun_path, sizeof(un.sun_path), "%s", path) >= sizeof(un.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	ret = connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0 ? -errno : 0;
	close(fd);
	/* its queue is full: somebody listens, though slowly; connect() would wait for a place */
	return ret == -EAGAIN ? 0 : ret;
}

int socket_folder_check(const char *path)
{
	size_t len = (size_t)(strrchr(path, '/') - path);
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];

	if (len >= sizeof(folder))
		return -ENAMETOOLONG;
	snprintf(folder, sizeof(folder), "%.*s", len == 0 ? 1 : (int)len, path);
	return access(folder, W_OK | X_OK) < 0 ? -errno : 0;
}

const char *socket_explain(int negative_errno)
{
	switch (-negative_errno) {
	case ENOENT:
		return "there is no such file";
	case ECONNREFUSED:
		return "nobody listens on it";
	case EACCES:
		return "permission denied; give the container's uid write access to the socket";
	case ENOTSOCK:
		return "it is not a socket";
	default:
		return strerror(-negative_errno);
	}
}
