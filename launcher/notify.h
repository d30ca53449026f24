/* SPDX-License-Identifier: BSD-3-Clause */
/* How a detached container tells that its ports are up: READY=1 on a socket of ours (systemd's
 * protocol). */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct cvio_error;

/*
 * A private folder under the run-time directory, with notify/ready.sock; only notify/ is mounted
 * into the container.
 */
struct notify {
	char folder[PATH_MAX - 64]; /* "" when there is none */
	char inner[PATH_MAX];       /* folder/notify */
	int fd;                     /* owned; -1 when there is none */
};

#define NOTIFY_INIT      \
	{                \
		.fd = -1 \
	}

/**
 * Make a private folder under the run-time directory.
 *
 * @param buf  filled in with its path; "" on failure
 * @return     0 or a negative errno
 */
int notify_make_folder(char *buf, size_t size);

/** Make the folder and the socket. On failure nothing is left. */
int notify_open(struct notify *notify, struct cvio_error *err);

/** Read what there is without waiting; whether READY=1 was among it. */
bool notify_is_ready(struct notify *notify);

/** Remove the folder with all that is in it. */
void notify_close(struct notify *notify);

#define _notify_cleanup_ __attribute__((cleanup(notify_close)))
