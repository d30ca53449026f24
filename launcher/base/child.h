/* SPDX-License-Identifier: BSD-3-Clause */
/* Child processes of the launcher: podman, buildah, skopeo and small tools. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cvio_error;
struct words;

struct child {
	pid_t pid;
	int pidfd; /* readable once the child ended; owned */
};

struct child_options {
	int out_fd, err_fd;   /* for the child's stdout and stderr, borrowed; -1: ours */
	int in_fd;            /* for its stdin, borrowed; 0: ours, or none if it is apart */
	bool apart;           /* own process group, no stdin: a terminal's Ctrl-C is not for it */
	bool unset_notify;    /* without our NOTIFY_SOCKET */
	bool end_with_parent; /* SIGTERM when the launcher dies */
};

/** What a captured child wrote and how it ended. */
struct capture {
	int status; /* exit status, or 128 + signal */
	char *out;  /* owned, terminated */
	char *err;  /* owned, terminated */
};

/**
 * Start a program that PATH finds. The child gets no blocked signals.
 *
 * @return 0; -ENOENT when PATH has no such program (LAUNCHER_EXIT_NO_PODMAN, with the remedy); or a
 * negative errno
 */
int child_start(const struct words *argv, const struct child_options *options, struct child *child,
	struct cvio_error *err);

/** Wait for the end, close the pidfd; returns the exit status, or 128 + signal. */
int child_reap(struct child *child);

/**
 * Run a program apart to its end and keep what it writes.
 *
 * @param sig_fd  a signalfd; when it gets readable, the child is told SIGTERM (once); -1: none
 */
int capture_run(
	const struct words *argv, int sig_fd, struct capture *capture, struct cvio_error *err);

/** The same with a command line given as words, up to a NULL. */
int capture_runl(struct capture *capture, struct cvio_error *err, ...) __attribute__((sentinel));

void capture_fini(struct capture *capture);

/**
 * What podman says when it fails: its last line on stderr without "Error: ", in place; never NULL.
 */
const char *capture_reason(struct capture *capture);

/** Cut a text down to its last line that isn't blank, in place. */
char *last_line(char *text);

void fd_close(int *fd);

#define _fd_cleanup_ __attribute__((cleanup(fd_close)))
#define _capture_cleanup_ __attribute__((cleanup(capture_fini)))
