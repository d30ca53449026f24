/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/socket_made.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "pmd/grammar/port_spec.h"

static const char *volatile paths[PORT_MAX + 1]; /* the ports' sockets and that of telemetry */
static volatile sig_atomic_t path_count;

void socket_made_remove(void)
{
	for (int i = 0; i < path_count; i++)
		unlink(paths[i]);
}

void socket_made_note(const char *path)
{
	if (path_count == 0)
		atexit(socket_made_remove);
	if (path_count < PORT_MAX + 1) {
		paths[path_count] = path;
		path_count++;
	}
}
