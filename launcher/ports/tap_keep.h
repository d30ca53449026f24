/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What looks after a container's taps while it runs. A process opens a tap by its name in its own
 * network, which is the container's; the host's stack is to have it. So a tap is made for the
 * container's network and moved when the process has it open; one that somebody deletes is made
 * again, for the process takes it again.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct port_spec;

/* The taps of one container. */
struct taps {
	const struct port_spec *ports; /* of kind PORT_VHOST_KERNEL */
	size_t count;
	const char *owner;
	uid_t uid;
	pid_t pid; /* the container's first process */
};

/** Keep them until that process has ended, and remove them then. */
void taps_keep(const struct taps *taps);
