/* SPDX-License-Identifier: BSD-3-Clause */
/* What is at the path of a port's socket, and of its own what a port left there. */
#pragma once

#include <stdbool.h>

/**
 * Whether somebody listens there.
 *
 * A connection that succeeds disturbs a backend, so this is only for finding out why DPDK's own
 * attempt failed, or whether a socket that is in the way is a leftover.
 *
 * @return  0: somebody does; -ENOENT, -ECONNREFUSED (a leftover, or the backend has just died),
 * -EACCES, -ENOTSOCK…
 */
int socket_probe(const char *path);

/**
 * Whether a socket can be made at an absolute path.
 *
 * @return  0, or why its folder doesn't take it: -ENOENT, -EACCES, -EROFS…
 */
int socket_folder_check(const char *path);

/** What an errno of socket_probe() means to a user: "no such file", "nobody listens"…; static. */
const char *socket_explain(int negative_errno);
