/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An image that is killed leaves the sockets that it made. The next one on the same path removes a
 * stale one itself (pmd/socket.c); here it is for those that nobody comes to. Its
 * taps are removed by an OCI hook, unless the engine was killed as well.
 */
#include "state/stale_ports.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "pmd/grammar/port_spec.h"
#include "ports/socket.h"
#include "ports/tap.h"

#define TRIES 50 /* of 20 ms: a second */

/* A killed process's threads end one by one, and the last one closes its sockets. */
static void remove_socket(const char *path)
{
	struct socket_place place;

	for (int i = 0; i < TRIES && access(path, F_OK) == 0; i++) {
		if (socket_locate(path, &place) == 0 && socket_refuses(&place))
			unlink(path);
		else
			nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	}
}

struct json_t *stale_ports_read(int folder)
{
	_fd_cleanup_ int fd = openat(folder, "container.json", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd < 0 ? NULL : json_loadfd(fd, 0, NULL);
}

void stale_ports_remove(const struct json_t *description, const char *run_id)
{
	struct port_spec spec;
	json_t *port;
	size_t i;

	json_array_foreach (json_object_get(description, "ports"), i, port) {
		if (!json_is_string(port) ||
			port_spec_parse(json_string_value(port), &spec, NULL) < 0)
			continue;
		if (spec.kind == PORT_VHOST_KERNEL)
			tap_remove(&spec, run_id, NULL);
		else if (spec.server)
			remove_socket(spec.path);
	}
}
