/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An image that is killed leaves the sockets that it made. The next one on the same path removes a
 * stale one itself (pmd/socket.c); here it is for those that nobody comes to. Its
 * taps are removed by an OCI hook, unless the engine was killed as well.
 */
#include "state/stale_ports.h"

#include <fcntl.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "pmd/grammar/port_spec.h"
#include "ports/socket.h"
#include "ports/tap.h"

void stale_ports_remove(int folder, const char *run_id)
{
	_fd_cleanup_ int fd = openat(folder, "container.json", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	json_t *json = fd < 0 ? NULL : json_loadfd(fd, 0, NULL), *port;
	struct socket_place place;
	struct port_spec spec;
	size_t i;

	json_array_foreach (json_object_get(json, "ports"), i, port) {
		if (!json_is_string(port) ||
			port_spec_parse(json_string_value(port), &spec, NULL) < 0)
			continue;
		if (spec.kind == PORT_VHOST_KERNEL)
			tap_remove(&spec, run_id, NULL);
		else if (spec.server && socket_locate(spec.path, &place) == 0 &&
			 socket_refuses(&place))
			unlink(spec.path);
	}
	json_decref(json);
}
