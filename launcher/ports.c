/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A socket's folder is mounted, not the socket: a backend that restarts makes a new socket, and a
 * mount of the old one would lead to nobody for ever. It also makes every path short: a socket's
 * address holds 107 bytes, a path on the host may be longer.
 */
#include "ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "exit.h"
#include "plan.h"
#include "port_spec.h"
#include "socket.h"

#define SOCKET_PATH_MAX (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

int ports_check_count(
        size_t count, const struct contract *contract, const char *image, struct cvio_error *err)
{
	char range[48];

	if (count >= contract->ports_min && count <= contract->ports_max)
		return 0;
	if (contract->ports_min == contract->ports_max)
		snprintf(range, sizeof(range), "%u", contract->ports_min);
	else
		snprintf(
		        range, sizeof(range), "%u to %u", contract->ports_min, contract->ports_max);
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "--port: %zu given: %s takes %s; %s",
	        count, image, range,
	        count < contract->ports_min ? "add --port vhost-user:PATH" : "leave some out");
}

/* The number of a folder's mount, which is made if it is new. */
static size_t folder_index(struct words *folders, const char *folder)
{
	for (size_t i = 0; i < folders->count; i++)
		if (strcmp(folders->list[i], folder) == 0)
			return i;
	words_add(folders, folder);
	return folders->count - 1;
}

/* Two ports on one socket would talk over each other. The path is what follows the kind, up to a
 * comma. */
static bool is_taken(const struct words *inside, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < inside->count; i++) {
		const char *at = strchr(inside->list[i], ':') + 1;

		if (strncmp(at, path, len) == 0 && (at[len] == '\0' || at[len] == ','))
			return true;
	}
	return false;
}

static int port_place(size_t number, struct port_spec *port, const struct image_user *user,
        struct ports *ports, struct cvio_error *err)
{
	char given[PATH_MAX], text[PATH_MAX + 128];
	struct socket_place place;
	int r = socket_check(number, port, user, &place, err);

	if (r < 0)
		return r;
	strcpy(given, port->path);
	snprintf(port->path, sizeof(port->path), PLAN_INNER_FOLDER "/%zu/%s",
	        folder_index(&ports->folders, place.folder), place.base);
	if (strlen(port->path) > SOCKET_PATH_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENAMETOOLONG,
		        "port %zu: %.200s: the socket's name is %zu bytes too long; shorten it "
		        "(its folder may "
		        "have any length)",
		        number, place.base, strlen(port->path) - SOCKET_PATH_MAX);
	if (is_taken(&ports->inside, port->path))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		        "port %zu: %.200s: another port has this socket; give each its own", number,
		        given);
	r = port_spec_format(port, text, sizeof(text));
	if (r < 0)
		return cvio_error_set(
		        err, CVIO_EXIT_SOFTWARE, r, "port %zu: %s", number, strerror(-r));
	words_add(&ports->inside, text);
	return 0;
}

int ports_place(const struct words *specs, const struct image_user *user, struct ports *ports,
        struct cvio_error *err)
{
	struct port_spec port;
	int r;

	if (specs->count > PORT_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -E2BIG,
		        "--port: %zu given: an image has %d at most; leave some out", specs->count,
		        PORT_MAX);
	for (size_t i = 0; i < specs->count; i++) {
		r = port_spec_parse(specs->list[i], &port, err);
		if (r == 0)
			r = port_place(i, &port, user, ports, err);
		if (r < 0)
			return r;
	}
	if (ports->folders.failed || ports->inside.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return 0;
}

char *ports_text(const struct ports *ports)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < ports->inside.count; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", ports->inside.list[i]);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

void ports_fini(struct ports *ports)
{
	words_fini(&ports->folders);
	words_fini(&ports->inside);
}
