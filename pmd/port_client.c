/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vhost-user port that connects. DPDK's virtio-user tries that once, and would wait for ever for
 * a backend that takes the connection and doesn't answer. Here it is tried again until `wait` has
 * passed, and each attempt has an end.
 */
#include "pmd/port.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "pmd/alarm.h"
#include "pmd/log.h"
#include "pmd/socket.h"

/* until a backend has seen that the frontend before this one has gone */
#define GONE_NS PORT_SECOND_NS

/* The other side is there and the device is refused all the same: say it with DPDK's own lines. */
static int fail_setup(struct port *port, struct cvio_error *err)
{
	port->loud = true;
	if (port_attach_within(port, PORT_ANSWER_NS) == 0)
		return 0;
	return port_fail(port, -EPROTO, err,
		"the backend is there, but the port could not be set up; has another container "
		"this port? see the lines above");
}

/* One attempt: it may last as long as is left of `wait`, but a backend that is there gets
 * PORT_ANSWER_NS at least. */
static int client_attach(const struct port *port, int64_t deadline)
{
	int64_t begin = alarm_now_ns();
	int64_t ns = deadline - begin;

	if (ns < PORT_ANSWER_NS)
		ns = PORT_ANSWER_NS;
	if (port_attach_within(port, ns) == 0)
		return 0;
	return alarm_now_ns() - begin >= ns ? -ETIMEDOUT : -EAGAIN;
}

int port_client_make(struct port *port, struct cvio_error *err)
{
	int64_t begin = alarm_now_ns();
	int64_t deadline = begin + (int64_t)port->spec->wait * PORT_SECOND_NS;
	bool said = false;

	for (;;) {
		int why = access(port->spec->path, F_OK) < 0 ? -errno : 0;
		char what[192];

		if (why == 0) {
			int ret = client_attach(port, deadline);

			if (ret == 0)
				return 0;
			if (ret == -ETIMEDOUT)
				return port_fail(port, ret, err,
					"something accepts connections there, but does not answer "
					"as a vhost-user backend; is the switch hanging?");
			why = socket_probe(port->spec->path);
		}
		if (why == 0 && alarm_now_ns() - begin >= GONE_NS)
			return fail_setup(port, err);
		if (why == 0) {
			nanosleep(&(struct timespec){.tv_nsec = 5 * PORT_RETRY_NS}, NULL);
			continue;
		}
		snprintf(what, sizeof(what), "%s", socket_explain(why));
		if (why != -ENOENT && why != -ECONNREFUSED)
			return port_fail(port, why, err, what);
		if (alarm_now_ns() >= deadline) {
			snprintf(what, sizeof(what),
				"%s (waited %" PRIu32 " s); is the switch running?",
				socket_explain(why), port->spec->wait);
			return port_fail(port, why, err, what);
		}
		if (!said)
			log_line(LOG_LEVEL_NOTICE, "port %u: %s: %s; waiting up to %" PRIu32 " s",
				port->index, port->spec->path, what, port->spec->wait);
		said = true;
		nanosleep(&(struct timespec){.tv_nsec = PORT_RETRY_NS}, NULL);
	}
}
