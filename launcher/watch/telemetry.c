/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One container's socket: SOCK_SEQPACKET, a greeting, then an answer of one message to each
 * command. It is connected to through the folder's descriptor, since a path may be too long for a
 * socket's address.
 */
#include "watch/telemetry.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"

#define SOCKET_NAME "dpdk_telemetry.v2"
#define ANSWER_MAX (16 << 10) /* DPDK's own limit */
#define RETRY_US 10000

struct session {
	int fd;
	int64_t deadline; /* ns */
	char buf[ANSWER_MAX + 1];
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* One message; its length, or -ETIMEDOUT, -EPROTO (too long) or another negative errno. */
static ssize_t receive(struct session *s)
{
	struct pollfd fd = {.fd = s->fd, .events = POLLIN};
	int64_t left = s->deadline - now_ns();
	ssize_t n;

	if (left <= 0 || poll(&fd, 1, (int)(left / 1000000) + 1) <= 0)
		return -ETIMEDOUT;
	n = recv(s->fd, s->buf, sizeof(s->buf), MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return -errno;
	if (n == 0)
		return -ECONNRESET;
	return n > ANSWER_MAX ? -EPROTO : n;
}

/* A new reference, or NULL with *r a negative errno. */
static json_t *ask(struct session *s, int *r, const char *command)
{
	json_t *answer;
	ssize_t n;

	if (send(s->fd, command, strlen(command), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		*r = -errno;
		return NULL;
	}
	n = receive(s);
	if (n < 0) {
		*r = (int)n;
		return NULL;
	}
	answer = telemetry_answer(s->buf, (size_t)n, command);
	*r = answer == NULL ? -EPROTO : 0;
	return answer;
}

typedef void (*read_fn)(const json_t *answer, struct port_figures *port);

static int ask_port(struct session *s, const char *command, read_fn read, struct port_figures *port)
{
	char text[64];
	json_t *answer;
	int r;

	snprintf(text, sizeof(text), "%s,%u", command, port->id);
	answer = ask(s, &r, text);
	/* null: it has no such command, or the port has gone just now */
	if (json_is_object(answer))
		read(answer, port);
	json_decref(answer);
	return r;
}

static int ask_all(struct session *s, bool polls, struct container_figures *c)
{
	ssize_t n = receive(s); /* the greeting */
	json_t *list;
	int r;

	if (n < 0)
		return (int)n;
	list = ask(s, &r, "/ethdev/list");
	if (list == NULL)
		return r;
	r = telemetry_read_list(list, c) < 0 ? -EPROTO : 0;
	json_decref(list);
	for (size_t i = 0; r == 0 && i < c->port_count; i++) {
		r = ask_port(s, "/cvio/port", telemetry_read_port, &c->ports[i]);
		if (r == 0)
			r = ask_port(s, "/ethdev/stats", telemetry_read_stats, &c->ports[i]);
		if (r == 0 && polls)
			r = ask_port(s, "/cvio/polls", telemetry_read_polls, &c->ports[i]);
	}
	return r;
}

static int dial(int folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_fd_cleanup_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int connected;

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/" SOCKET_NAME,
		folder);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	connected = fd;
	fd = -1;
	return connected;
}

/* The process that listens, and the CPU time of it with all threads that it ever had. */
static void read_process(int fd, struct container_figures *c)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	char path[32], text[1024] = "";
	int64_t ticks;
	FILE *f;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return;
	c->pid = peer.pid;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)peer.pid);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	if (fgets(text, sizeof(text), f) != NULL) {
		ticks = telemetry_cpu_ticks(text);
		c->cpu_seconds = ticks < 0 ? 0 : (double)ticks / (double)sysconf(_SC_CLK_TCK);
	}
	fclose(f);
}

static enum telemetry_state state_of(int r)
{
	switch (r) {
	case 0:
		return TELEMETRY_OK;
	case -ENOENT:
		return TELEMETRY_STARTING;
	case -ECONNREFUSED:
	case -ECONNRESET:
	case -EPIPE:
		return TELEMETRY_GONE;
	case -ETIMEDOUT:
	case -EAGAIN: /* its queue of connections is full */
		return TELEMETRY_SILENT;
	default:
		return TELEMETRY_WRONG;
	}
}

/* Its queue of connections is short, and full while it hangs, and for a moment after. */
static int dial_until(int folder, int64_t deadline)
{
	int fd;

	while ((fd = dial(folder)) == -EAGAIN && now_ns() < deadline)
		usleep(RETRY_US);
	return fd;
}

void telemetry_ask(int folder, bool polls, struct container_figures *c)
{
	struct session s;
	int r;

	c->time_ns = now_ns();
	s.deadline = c->time_ns + (int64_t)TELEMETRY_TIMEOUT * 1000000;
	s.fd = dial_until(folder, s.deadline);
	r = s.fd < 0 ? s.fd : 0;
	if (r == 0) {
		read_process(s.fd, c);
		r = ask_all(&s, polls, c);
	}
	fd_close(&s.fd);
	c->state = state_of(r);
	if (r != 0)
		c->port_count = 0;
}
