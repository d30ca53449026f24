/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A backend that lives must not be disturbed: many log each connection, and some take only one. So
 * the kernel's list of sockets is asked first; only what it doesn't have (a backend in another
 * network namespace binds out of our sight) and must be there at once (wait=0) is probed with a
 * connect(). With wait above 0 the image itself waits, and says so.
 *
 * Permissions are evaluated for the container's user, since the launcher often runs as root, who
 * may do all. Only the folder and the socket count: the folder is mounted, so what is above it
 * doesn't matter. Where the owner isn't the container's user but the group has access, the
 * container gets the group.
 */
#include "ports/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"

#define LISTENING 0x10000 /* __SO_ACCEPTCON in the list's flags */

/* Frees what asprintf() and the like gave. */
static void string_free(char **text)
{
	free(*text);
}

#define _string_cleanup_ __attribute__((cleanup(string_free)))

static int place_set(struct socket_place *place, const char *folder, const char *base)
{
	size_t len = strlen(base);

	if (len == 0 || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
		return -EINVAL;
	if (len > NAME_MAX || strlen(folder) >= sizeof(place->folder))
		return -ENAMETOOLONG;
	strcpy(place->folder, folder);
	strcpy(place->base, base);
	place->group_count = 0;
	return 0;
}

int socket_locate(const char *path, struct socket_place *place)
{
	/* A link is followed to the end: its target wouldn't be there inside. */
	_string_cleanup_ char *real = realpath(path, NULL);
	_string_cleanup_ char *folder = NULL, *copy = NULL;
	const char *slash;

	if (real != NULL) {
		slash = strrchr(real, '/');
		copy = strndup(real, slash == real ? 1 : (size_t)(slash - real));
		return copy == NULL ? -ENOMEM : place_set(place, copy, slash + 1);
	}
	slash = strrchr(path, '/');
	copy = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	if (copy == NULL)
		return -ENOMEM;
	folder = realpath(copy, NULL);
	if (folder == NULL)
		return -errno;
	return place_set(place, folder, slash == NULL ? path : slash + 1);
}

bool access_allowed(const struct stat *st, uid_t uid, gid_t gid, int want)
{
	unsigned int shift = st->st_uid == uid ? 6 : st->st_gid == gid ? 3 : 0;

	return (st->st_mode >> shift & (unsigned int)want) == (unsigned int)want;
}

/* An access control list may allow what the mode doesn't: then the kernel is left to decide. */
static bool may(const char *path, const struct stat *st, const struct image_user *user, int want)
{
	return user == NULL || !user->known || access_allowed(st, user->uid, user->gid, want) ||
	       getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

/* The same, or through the group, which the container's process then gets. */
static bool may_in_group(const char *path, const struct stat *st, const struct image_user *user,
	int want, struct socket_place *place)
{
	if (may(path, st, user, want))
		return true;
	if (st->st_gid == 0 || st->st_uid == user->uid ||
		!access_allowed(st, user->uid, st->st_gid, want))
		return false;
	place->groups[place->group_count++] = st->st_gid;
	return true;
}

bool unix_list_has(FILE *list, const char *path)
{
	_string_cleanup_ char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, list) > 0) {
		unsigned int flags, type, state;
		int at = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*x: %*x %*x %x %x %x %*u %n", &flags, &type, &state, &at) == 3 &&
			at > 0 && (flags & LISTENING) && type == SOCK_STREAM && state == 1 &&
			strcmp(line + at, path) == 0)
			return true;
	}
	return false;
}

static bool is_listed(const char *path)
{
	FILE *list = fopen("/proc/net/unix", "re");
	bool found = list != NULL && unix_list_has(list, path);

	if (list != NULL)
		fclose(list);
	return found;
}

/* Connect through a descriptor of the folder, so that no path is too long. */
bool socket_refuses(const struct socket_place *place)
{
	_fd_cleanup_ int folder = open(place->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	_fd_cleanup_ int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int n = snprintf(
		addr.sun_path, sizeof(addr.sun_path), "/proc/self/fd/%d/%s", folder, place->base);

	if (folder < 0 || s < 0 || n >= (int)sizeof(addr.sun_path))
		return false;
	return connect(s, (struct sockaddr *)&addr, sizeof(addr)) < 0 && errno == ECONNREFUSED;
}

/* A path within a remedy: a command with half a path would be worse than none. */
static const char *it(const char *path)
{
	return strlen(path) <= 160 ? path : "it";
}

static int check_folder(size_t number, const char *given, int located, struct cvio_error *err)
{
	if (located == 0)
		return 0;
	if (located == -EINVAL || located == -ENAMETOOLONG)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, located,
			"port %zu: %.200s: is not the path of a socket; name a file in a folder",
			number, given);
	if (located == -EACCES)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, located,
			"port %zu: %.200s: you may not enter its folder; ask its owner, or run "
			"cvio as root",
			number, given);
	return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, located,
		"port %zu: %.200s: its folder is not there; start the switch, or make the folder",
		number, given);
}

static int check_server(size_t number, struct socket_place *place, const struct image_user *user,
	const char *path, struct cvio_error *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ENOTSOCK,
			"port %zu: %.200s: exists and is not a socket; choose another name for the "
			"image's socket",
			number, path);
	if (stat(place->folder, &st) < 0 ||
		may_in_group(place->folder, &st, user, W_OK | X_OK, place))
		return 0;
	return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, -EACCES,
		"port %zu: %.160s: of uid %u, gid %u, mode %04o: the image's uid %u can't make its "
		"socket there; as root: install -d -o %u %s",
		number, place->folder, st.st_uid, st.st_gid, st.st_mode & 07777, user->uid,
		user->uid, it(place->folder));
}

static int check_backend(size_t number, const struct port_spec *port, struct socket_place *place,
	const struct image_user *user, const char *path, struct cvio_error *err)
{
	struct stat folder, st;

	if (stat(place->folder, &folder) == 0 &&
		!may_in_group(place->folder, &folder, user, X_OK, place))
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, -EACCES,
			"port %zu: %.160s: of uid %u, gid %u, mode %04o, closed to the image's uid "
			"%u; as root: chmod o+x %s",
			number, place->folder, folder.st_uid, folder.st_gid, folder.st_mode & 07777,
			user->uid, it(place->folder));
	if (stat(path, &st) < 0) {
		if (port->wait > 0)
			return 0;
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ENOENT,
			"port %zu: %.200s: no such socket; start the switch, or let the image "
			"wait: wait=30",
			number, port->path);
	}
	if (!S_ISSOCK(st.st_mode))
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ENOTSOCK,
			"port %zu: %.200s: is not a socket; name the one that the switch listens "
			"on",
			number, port->path);
	if (!may_in_group(path, &st, user, W_OK, place))
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, -EACCES,
			"port %zu: %.160s: of uid %u, gid %u, mode %04o, not writable for the "
			"image's uid %u; as root: chown %u %s",
			number, port->path, st.st_uid, st.st_gid, st.st_mode & 07777, user->uid,
			user->uid, it(port->path));
	if (port->wait == 0 && !is_listed(path) && !is_listed(port->path) && socket_refuses(place))
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ECONNREFUSED,
			"port %zu: %.200s: connection refused, nobody listens; is the switch "
			"running?",
			number, port->path);
	return 0;
}

int socket_check(size_t number, const struct port_spec *port, const struct image_user *user,
	struct socket_place *place, struct cvio_error *err)
{
	_string_cleanup_ char *path = NULL;
	int r = check_folder(number, port->path, socket_locate(port->path, place), err);

	if (r < 0)
		return r;
	if (strcmp(place->folder, "/") == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: its folder is mounted into the container, and that "
			"would be all of /; use a folder of its own",
			number, port->path);
	if (strpbrk(place->folder, ",\"\n") != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: its folder's name has a comma, a quote or a newline; "
			"rename it",
			number, place->folder);
	if (asprintf(&path, "%s/%s", place->folder, place->base) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return port->server ? check_server(number, place, user, path, err)
			    : check_backend(number, port, place, user, path, err);
}
