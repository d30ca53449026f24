/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * As much of HTTP/1.1 as a scraper needs: what comes before the first blank line is the request,
 * the answer has a length and ends the connection. One at a time: a scraper comes every few
 * seconds.
 */
#include "watch/metrics_http.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "pmd/grammar/words.h"
#include "watch/metrics_text.h"
#include "watch/telemetry.h"

#define REQUEST_MAX 4096
#define PATIENCE 2 /* s */

static int fail(const char *path, int r, struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_CONFIG, r,
		"metrics: --listen: %.120s: %s; name another path, or end who listens there", path,
		strerror(-r));
}

int metrics_listen(const char *path, struct cvio_error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct sockaddr *a = (const struct sockaddr *)&address;
	_fd_cleanup_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	_fd_cleanup_ int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;
	int listener;

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
		(int)sizeof(address.sun_path))
		return fail(path, -ENAMETOOLONG, err);
	if (fd < 0 || other < 0)
		return fail(path, -errno, err);
	if (connect(other, a, sizeof(address)) == 0)
		return fail(path, -EADDRINUSE, err);
	if (errno == ECONNREFUSED && lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	if (bind(fd, a, sizeof(address)) < 0 || listen(fd, 8) < 0)
		return fail(path, -errno, err);
	listener = fd;
	fd = -1;
	return listener;
}

int metrics_request(const char *request)
{
	size_t method = strcspn(request, " \r\n");
	const char *path = request + method;
	size_t length;

	if (*path != ' ')
		return 400;
	path++;
	length = strcspn(path, " \r\n");
	if (path[length] != ' ' || strncmp(path + length + 1, "HTTP/1.", 7) != 0)
		return 400;
	if (strncmp(request, "GET ", 4) != 0)
		return 405;
	length = strcspn(path, " ?\r\n");
	if ((length == 1 && path[0] == '/') ||
		(length == 8 && strncmp(path, "/metrics", length) == 0))
		return 200;
	return 404;
}

/* Up to the blank line; false if it doesn't come in time or is too long. */
static bool read_request(int fd, char buf[static REQUEST_MAX + 1])
{
	size_t used = 0;

	while (used < REQUEST_MAX) {
		ssize_t n = recv(fd, buf + used, REQUEST_MAX - used, 0);

		if (n <= 0)
			return false;
		used += (size_t)n;
		buf[used] = '\0';
		if (strstr(buf, "\r\n\r\n") != NULL || strstr(buf, "\n\n") != NULL)
			return true;
	}
	return false;
}

static void answer(int fd, const char *status, const char *type, const char *body)
{
	char head[256];
	int n = snprintf(head, sizeof(head),
		"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: "
		"close\r\n\r\n",
		status, type, strlen(body));

	if (send(fd, head, (size_t)n, MSG_NOSIGNAL | MSG_MORE) == n)
		send(fd, body, strlen(body), MSG_NOSIGNAL);
}

static void answer_metrics(int fd)
{
	_figures_cleanup_ struct figures figures = {0};
	struct cvio_error err = {0};
	char *text = NULL;
	size_t size;
	FILE *out;

	if (figures_collect(&(struct words){0}, false, &figures, &err) < 0) {
		answer(fd, "500 Internal Server Error", "text/plain", err.text);
		return;
	}
	out = open_memstream(&text, &size);
	if (out != NULL) {
		metrics_write(out, &figures);
		fclose(out);
	}
	if (text != NULL)
		answer(fd, "200 OK", "application/openmetrics-text; version=1.0.0; charset=utf-8",
			text);
	free(text);
}

void metrics_serve(int listener)
{
	_fd_cleanup_ int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct timeval patience = {.tv_sec = PATIENCE};
	char request[REQUEST_MAX + 1];

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!read_request(fd, request))
		return;
	switch (metrics_request(request)) {
	case 200:
		answer_metrics(fd);
		break;
	case 404:
		answer(fd, "404 Not Found", "text/plain", "the metrics are at /metrics\n");
		break;
	case 405:
		answer(fd, "405 Method Not Allowed", "text/plain", "GET only\n");
		break;
	default:
		answer(fd, "400 Bad Request", "text/plain", "no request of HTTP/1\n");
	}
}
