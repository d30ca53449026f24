/* SPDX-License-Identifier: BSD-3-Clause */
/* How a detached container tells that its ports are up: READY=1 on a socket of ours (systemd's
 * protocol). */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct cvio_error;

/* notify/ready.sock in the container's folder; notify/ is mounted into the container. */
struct notify {
	char inner[PATH_MAX]; /* folder/notify; "" when there is none */
	int fd;               /* owned; -1 when there is none */
};

#define NOTIFY_INIT ((struct notify){.fd = -1})

/** Make notify/ and the socket in a container's folder. On failure nothing is left. */
int notify_open(struct notify *notify, const char *folder, struct cvio_error *err);

/** Read what there is without waiting; whether READY=1 was among it. */
bool notify_is_ready(struct notify *notify);

/** Remove notify/ with the socket. */
void notify_close(struct notify *notify);

#define _notify_cleanup_ __attribute__((cleanup(notify_close)))
