/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vhost-user port that listens. DPDK's virtio-user blocks in accept(), and gives up when somebody
 * connects who is no backend. Here accept() ends when `wait` has passed, and until then it is tried
 * again.
 */
#include "pmd/port.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pmd/alarm.h"
#include "pmd/log.h"
#include "pmd/socket.h"
#include "pmd/socket_made.h"

/*
 * A socket of an earlier life is in the way of bind(); one that is alive belongs to somebody else.
 */
static int clear_path(const struct port *port, struct cvio_error *err)
{
	int why = socket_probe(port->spec->path);

	switch (why) {
	case -ENOENT:
		return 0;
	case -ECONNREFUSED:
		if (unlink(port->spec->path) < 0)
			return port_fail(port, -errno, err,
				"a stale socket that can't be removed; remove it");
		log_line(LOG_LEVEL_NOTICE, "port %u: %s: removed a stale socket", port->index,
			port->spec->path);
		return 0;
	case 0:
		return port_fail(port, -EADDRINUSE, err,
			"somebody listens there already; choose another path");
	default:
		return port_fail(port, why, err, socket_explain(why));
	}
}

/* What bind() will need; DPDK would say only that it failed, and for a backend only at its start.
 */
int port_server_prepare(const struct port *port, struct cvio_error *err)
{
	int ret = socket_folder_check(port->spec->path);
	char what[192];

	if (ret < 0) {
		snprintf(what, sizeof(what),
			"the socket can't be made in its folder: %s; give the container's uid "
			"write access to the folder",
			strerror(-ret));
		return port_fail(port, ret, err, what);
	}
	ret = clear_path(port, err);
	if (ret == 0)
		socket_made_note(port->spec->path);
	return ret;
}

/*
 * Who connects may be no backend: a monitor, or the probe of another container that wants the same
 * path. DPDK gives up then, and (22.11) leaves its listener open, so that a backend that has just
 * connected would wait for ever. It is closed, and the wait goes on with a new socket.
 */
static int server_again(const struct port *port, struct cvio_error *err)
{
	nanosleep(&(struct timespec){.tv_nsec = PORT_RETRY_NS}, NULL);
	unlink(port->spec->path); /* ours; DPDK has closed its listener (packagefiles, 0008) */
	return clear_path(port, err);
}

int port_server_make(struct port *port, struct cvio_error *err)
{
	int64_t left = (int64_t)port->spec->wait * PORT_SECOND_NS;
	int64_t deadline = alarm_now_ns() + left;
	bool again = false;
	char what[128];
	int ret;

	ret = port_server_prepare(port, err);
	if (ret < 0)
		return ret;
	log_line(LOG_LEVEL_NOTICE,
		"port %u: %s: waiting up to %" PRIu32 " s for a backend to connect", port->index,
		port->spec->path, port->spec->wait);
	for (;;) {
		if (port_attach_within(port, left) == 0)
			return 0;
		left = deadline - alarm_now_ns();
		if (left <= 0)
			break;
		again = true;
		ret = server_again(port, err);
		if (ret < 0)
			return ret;
	}
	snprintf(what, sizeof(what),
		"no backend has connected and answered (waited %" PRIu32 " s)%s", port->spec->wait,
		again ? "; CVIO_LOG=debug tells more" : "");
	return port_fail(port, -ETIMEDOUT, err, what);
}
