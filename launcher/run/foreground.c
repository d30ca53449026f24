/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman runs in our process group, so a terminal's Ctrl-C reaches it without our doing; such a
 * signal comes from the kernel. One that somebody sent to us alone (kill, a service manager) is
 * passed on. podman passes both to the application, and dies with us by SIGTERM, so that once
 * the application runs a killed launcher leaves no container.
 */
#include <errno.h>
#include <fcntl.h>
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
#include "run/relay.h"
#include "run/started.h"
#include "run/supervise.h"
#include "state/container.h"

#define START_TIME 1000 /* ms between looks for the process */

/* Returns the signal, 0 if there was none. */
static int forward_signal(int sig_fd, pid_t pid)
{
	struct signalfd_siginfo info;

	if (read(sig_fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	if (info.ssi_code != SI_KERNEL)
		kill(pid, (int)info.ssi_signo);
	return (int)info.ssi_signo;
}

/* Returns false once there is nothing more to come. */
static bool relay_read(struct relay *relay, int fd)
{
	char data[4096];
	ssize_t n = read(fd, data, sizeof(data));

	if (n > 0)
		relay_feed(relay, data, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Until podman ends; returns the last signal that told it to, 0 if none did. */
static int supervise(
	struct child *child, struct relay *relay, int err_fd, int sig_fd, struct started *started)
{
	struct pollfd fds[] = {{.fd = child->pidfd, .events = POLLIN},
		{.fd = err_fd, .events = POLLIN}, {.fd = sig_fd, .events = POLLIN}};
	int sig, last = 0, n;

	while (fds[0].revents == 0) {
		n = poll(fds, 3, !started->yes ? START_TIME : -1);
		if (n == 0)
			started_read(started);
		if (n <= 0)
			continue;
		if (fds[1].revents != 0 && !relay_read(relay, err_fd))
			fds[1].fd = -1;
		sig = fds[2].revents != 0 ? forward_signal(sig_fd, child->pid) : 0;
		last = sig != 0 ? sig : last;
	}
	while (relay_read(relay, err_fd))
		;
	return last;
}

static int failed(const char *what, int error, struct cvio_error *err)
{
	return cvio_error_set(
		err, CVIO_EXIT_SOFTWARE, -error, "run: %s: %s; try again", what, strerror(error));
}

/* 125, 126 and 127 are podman's when it had the last word, else the application's own. */
static int result(
	int status, struct relay *relay, const struct run_plan *plan, struct cvio_error *err)
{
	const char *reason = status >= 125 && status <= 127 ? relay_reason(relay) : NULL;

	relay_flush(relay);
	return reason == NULL ? status : container_refused(plan, reason, err);
}

int run_foreground(const struct run_plan *plan, struct cvio_error *err)
{
	_started_cleanup_ struct started started = {.pid_file = plan->pid_file, .pidfd = -1};
	_words_cleanup_ struct words argv = {0};
	_fd_cleanup_ int err_in = -1;
	_fd_cleanup_ int sig_fd = signals_catch();
	static char buffer[BUFSIZ];
	struct relay relay = {.out = stderr};
	struct child_options options = {.out_fd = -1, .end_with_parent = true};
	struct child child;
	int ends[2], status, sig, r;
	bool early;

	if (sig_fd < 0)
		return failed("signals", -sig_fd, err);
	/* the relay writes by the character and flushes what it has: a line stays in one piece */
	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	if (plan_argv(plan, &argv) < 0)
		return failed("podman", ENOMEM, err);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return failed("pipe", errno, err);
	err_in = ends[0];
	fcntl(err_in, F_SETFL, O_NONBLOCK);
	options.err_fd = ends[1];
	r = child_start(&argv, &options, &child, err);
	close(ends[1]);
	if (r < 0)
		return r;
	sig = supervise(&child, &relay, err_in, sig_fd, &started);
	status = child_reap(&child);
	/* Before the container is removed, which ends its process too. */
	early = sig != 0 && !started_and_ended(&started);
	/* podman leaves the container behind if it has to end between making it and starting it. */
	if (sig != 0 || status > 128)
		container_discard(plan->run_id);
	if (early) {
		relay_flush(&relay);
		return cvio_error_set(err, 128 + sig, -EINTR,
			"run: %s: interrupted before it started", plan->name);
	}
	return result(status, &relay, plan, err);
}
