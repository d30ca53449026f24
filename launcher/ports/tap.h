/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tap interface of a vhost-kernel port, on the host. All of it by ip(8), which knows best. A
 * tap carries its owner's name as its alias, so that it is never taken for another's.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct cvio_error;
struct port_spec;

/** Whether a network has an interface of the port's name. netns: "" is our own. */
bool tap_is_there(const char *netns, const char *ifname);

/**
 * Make a port's tap in its network, persistent, for a user, and hand it over to a container's
 * network, where it is up: a process finds a tap only in its own network.
 *
 * @param owner  its alias
 * @param uid    who may open it; no capability is needed for that
 * @param pid    a process of the container
 * @param err    CVIO_EXIT_UNAVAILABLE, with what ip(8) says
 */
int tap_make(const struct port_spec *port, const char *owner, uid_t uid, pid_t pid,
	struct cvio_error *err);

/**
 * Take it back to the port's network and give it its address there. The process that has it open
 * goes on as before.
 */
int tap_publish(const struct port_spec *port, pid_t pid, struct cvio_error *err);

/** Remove a port's tap from its network if it is this owner's. Gone already is well. */
int tap_remove(const struct port_spec *port, const char *owner, struct cvio_error *err);
