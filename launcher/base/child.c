/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captured output goes to memfds, not pipes: podman's conmon outlives podman and may hold a pipe
 * open, and a memfd never fills up.
 */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/exit.h"
#include "pmd/grammar/words.h"

#define CAPTURE_MAX (8 << 20) /* bytes of output that are read back */

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/*
 * In the child: never returns; what went wrong goes to report_fd, which a successful exec closes.
 */
static void child_exec(
	const struct words *argv, const struct child_options *o, pid_t parent, int report_fd)
{
	int null_fd, error;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (o->end_with_parent) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(CVIO_EXIT_SOFTWARE);
	}
	if (o->apart)
		setpgid(0, 0);
	if (o->in_fd > 0) {
		dup2(o->in_fd, STDIN_FILENO);
	} else if (o->apart) {
		null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		dup2(null_fd, STDIN_FILENO);
	}
	if (o->unset_notify)
		unsetenv("NOTIFY_SOCKET");
	if ((o->out_fd < 0 || dup2(o->out_fd, STDOUT_FILENO) >= 0) &&
		(o->err_fd < 0 || dup2(o->err_fd, STDERR_FILENO) >= 0))
		execvp(argv->list[0], argv->list);
	error = errno;
	if (write(report_fd, &error, sizeof(error)) < 0)
		_exit(CVIO_EXIT_SOFTWARE);
	_exit(CVIO_EXIT_SOFTWARE);
}

static int exec_failed(const char *program, int error, struct cvio_error *err)
{
	if (error == ENOENT)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PODMAN, -error,
			"%s: not found in PATH; install it (Debian: apt install %s)", program,
			program);
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -error, "%s: %s; %s", program,
		strerror(error), error == EMFILE ? "raise `ulimit -n`" : "check the installation");
}

int child_start(const struct words *argv, const struct child_options *options, struct child *child,
	struct cvio_error *err)
{
	_fd_cleanup_ int report_in = -1;
	int report[2], error = 0;
	pid_t parent = getpid();

	if (pipe2(report, O_CLOEXEC) < 0)
		return exec_failed(argv->list[0], errno, err);
	report_in = report[0];
	child->pid = fork();
	if (child->pid == 0)
		child_exec(argv, options, parent, report[1]);
	error = child->pid < 0 ? errno : 0;
	close(report[1]);
	if (error != 0)
		return exec_failed(argv->list[0], error, err);
	child->pidfd = -1;
	if (read(report_in, &error, sizeof(error)) == sizeof(error)) {
		child_reap(child);
		return exec_failed(argv->list[0], error, err);
	}
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0) {
		error = errno;
		kill(child->pid, SIGTERM);
		child_reap(child);
		return exec_failed("pidfd_open", error, err);
	}
	return 0;
}

int child_reap(struct child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	fd_close(&child->pidfd);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The whole of a memfd as a string; NULL without memory. */
static char *read_back(int fd)
{
	struct stat st;
	size_t size = 0;
	ssize_t got;
	char *text;

	if (fstat(fd, &st) == 0 && st.st_size > 0)
		size = st.st_size < CAPTURE_MAX ? (size_t)st.st_size : CAPTURE_MAX;
	text = malloc(size + 1);
	if (text == NULL)
		return NULL;
	got = pread(fd, text, size, 0);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void wait_or_end(struct child *child, int sig_fd)
{
	struct pollfd fds[] = {
		{.fd = child->pidfd, .events = POLLIN}, {.fd = sig_fd, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0 || fds[0].revents == 0) {
		if (fds[1].revents != 0) {
			kill(child->pid, SIGTERM);
			fds[1].fd = -1;
		}
	}
}

int capture_run(
	const struct words *argv, int sig_fd, struct capture *capture, struct cvio_error *err)
{
	_fd_cleanup_ int out_fd = memfd_create("stdout", MFD_CLOEXEC);
	_fd_cleanup_ int err_fd = memfd_create("stderr", MFD_CLOEXEC);
	struct child_options options = {
		.out_fd = out_fd, .err_fd = err_fd, .apart = true, .unset_notify = true};
	struct child child;
	int r;

	*capture = (struct capture){0};
	if (out_fd < 0 || err_fd < 0)
		return exec_failed("memfd_create", errno, err);
	r = argv->failed ? -ENOMEM : child_start(argv, &options, &child, err);
	if (r < 0)
		return argv->failed ? exec_failed("podman", ENOMEM, err) : r;
	wait_or_end(&child, sig_fd);
	capture->status = child_reap(&child);
	capture->out = read_back(out_fd);
	capture->err = read_back(err_fd);
	if (capture->out == NULL || capture->err == NULL) {
		capture_fini(capture);
		return exec_failed("podman", ENOMEM, err);
	}
	return 0;
}

int capture_runl(struct capture *capture, struct cvio_error *err, ...)
{
	_words_cleanup_ struct words argv = {0};
	va_list ap;

	va_start(ap, err);
	words_vadd(&argv, ap);
	va_end(ap);
	return capture_run(&argv, -1, capture, err);
}

void capture_fini(struct capture *capture)
{
	free(capture->out);
	free(capture->err);
	*capture = (struct capture){0};
}

char *last_line(char *text)
{
	char *end = text + strlen(text), *start;

	while (end > text && strchr(" \t\r\n", end[-1]) != NULL)
		*--end = '\0';
	start = strrchr(text, '\n');
	return start == NULL ? text : start + 1;
}

const char *capture_reason(struct capture *capture)
{
	static const char hint[] = "\nSee 'podman ", prefix[] = "Error: ";
	char *see = strstr(capture->err, hint), *line;

	if (see != NULL)
		*see = '\0';
	line = last_line(capture->err);
	if (*line == '\0')
		return "it gave no reason";
	return strncmp(line, prefix, sizeof(prefix) - 1) == 0 ? line + sizeof(prefix) - 1 : line;
}
