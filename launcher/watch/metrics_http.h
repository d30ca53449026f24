/* SPDX-License-Identifier: BSD-3-Clause */
/* Metrics by HTTP on a unix socket, one request a connection. */
#pragma once

struct cvio_error;

/**
 * Make the socket; a leftover to which nobody listens is replaced.
 *
 * @return  a listening descriptor, or a negative errno
 */
int metrics_listen(const char *path, struct cvio_error *err);

/** What a request asks for: 200, 404 (another path than / and /metrics), 405 or 400. */
int metrics_request(const char *request);

/** Take a connection, and answer within two seconds or drop it. */
void metrics_serve(int listener);
