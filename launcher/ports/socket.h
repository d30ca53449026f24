/* SPDX-License-Identifier: BSD-3-Clause */
/* The sockets of ports, as the host sees them: where they are, who may use them, whether somebody
 * listens. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "image/image.h"
#include "pmd/grammar/port_spec.h"

struct cvio_error;

/** Where a port's socket is on the host, after symbolic links. */
struct socket_place {
	char folder[PATH_MAX];
	char base[NAME_MAX + 1]; /* the socket's name in the folder */
	gid_t groups[2];         /* which socket_check() finds that the user needs besides */
	size_t group_count;
};

/** The folder and the name of a path; -ENOENT and so on when the folder isn't there, -EINVAL for no
 * file name. */
int socket_locate(const char *path, struct socket_place *place);

/** Whether there is a socket that nobody listens on any more. Connects, and hangs up at once. */
bool socket_refuses(const struct socket_place *place);

/**
 * Whether the mode lets a process without capabilities do something.
 *
 * @param st    of a file
 * @param want  R_OK, W_OK, X_OK, or several
 */
bool access_allowed(const struct stat *st, uid_t uid, gid_t gid, int want);

/**
 * Look for a listening stream socket of a path.
 *
 * @param list  in the format of /proc/net/unix
 */
bool unix_list_has(FILE *list, const char *path);

/**
 * Check a port before its container starts.
 *
 * @param number  the port's, for messages
 * @param port    as the user gave it
 * @param user    the container's; NULL: don't look at permissions
 * @param place   filled in; with the groups through which the user would be let in, where it isn't
 *                otherwise. Never root's: that is more than a socket
 * @param err     CVIO_EXIT_CONFIG, CVIO_EXIT_UNAVAILABLE or LAUNCHER_EXIT_NO_PERMISSION, with the
 *                remedy
 */
int socket_check(size_t number, const struct port_spec *port, const struct image_user *user,
	struct socket_place *place, struct cvio_error *err);
