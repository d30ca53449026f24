/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A socket's folder is mounted, not the socket: a backend that restarts makes a new socket, and a
 * mount of the old one would lead to nobody for ever. It is mounted at the path that it has on the
 * host, so that the image's messages name what the operator knows; symbolic links are resolved,
 * because a link's target isn't there inside. A socket's address holds 107 bytes, and some folders
 * are the container's own: then the folder gets the short alias /run/cvio/N.
 */
#include "ports/ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/exit.h"
#include "base/names.h"
#include "pmd/grammar/port_limits.h"
#include "pmd/grammar/port_spec.h"
#include "ports/port_device.h"
#include "ports/socket.h"
#include "ports/tap_address.h"

#define SOCKET_PATH_MAX (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)
#define WHITE_SPACE " \t\n\v\f\r"
#define DEVICE_SIGNS "=[]" /* of DPDK's device arguments: a path there can't have them */

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

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/*
 * Whether a folder can have the same path inside. Not where the engine mounts things of its own:
 * they would be hidden, or, if it mounts them on top, their mount points be made on the host. Nor
 * if a space in its name would end the port in CVIO_PORTS, or a sign mean something to DPDK.
 */
static bool can_keep_path(const char *folder)
{
	static const char *const kept[] = {"/dev", "/proc", "/sys", INNER_FOLDER};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (is_below(folder, kept[i]))
			return false;
	return strcmp(folder, "/run") != 0 && strcmp(folder, "/etc") != 0 &&
	       strpbrk(folder, WHITE_SPACE DEVICE_SIGNS) == NULL;
}

/*
 * The target of a folder for a socket whose path there has so many bytes; the mount is made if it
 * is new. One folder has both targets if only some of its sockets' paths are too long.
 */
static const char *mount_target(struct ports *ports, const struct socket_place *place)
{
	size_t len = strlen(place->folder) + 1 + strlen(place->base);
	bool alias = len > SOCKET_PATH_MAX || !can_keep_path(place->folder);

	for (size_t i = 0; i < ports->folders.count; i++)
		if (strcmp(ports->folders.list[i], place->folder) == 0 &&
			(strcmp(ports->targets.list[i], place->folder) != 0) == alias)
			return ports->targets.list[i];
	words_add(&ports->folders, place->folder);
	if (alias)
		words_addf(&ports->targets, INNER_FOLDER "/%zu", ports->targets.count);
	else
		words_add(&ports->targets, place->folder);
	return ports->targets.failed ? "" : ports->targets.list[ports->targets.count - 1];
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

static void add_group(struct words *groups, gid_t gid)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", gid);
	for (size_t i = 0; i < groups->count; i++)
		if (strcmp(groups->list[i], text) == 0)
			return;
	words_add(groups, text);
}

/* Where a socket will be. What isn't there yet needs no word; r and err are of why not now. */
static int place_later(int r, const char *path, struct socket_place *place, struct cvio_error *err)
{
	const char *base = strrchr(path, '/') + 1;
	size_t len = (size_t)(base - path) - 1;

	if (r != -ENOENT)
		fprintf(stderr, "cvio: on this host, now: %s\n", err->text);
	if (socket_locate(path, place) == 0)
		return 0;
	if (len == 0 || strlen(base) >= sizeof(place->base))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"%.200s: is not the path of a socket in a folder", path);
	snprintf(place->folder, sizeof(place->folder), "%.*s", (int)len, path);
	strcpy(place->base, base);
	return 0;
}

/* The port as the container gets it. */
static int add_inside(
	size_t number, const struct port_spec *port, struct ports *ports, struct cvio_error *err)
{
	char text[PORT_TEXT_LEN];
	int r = port_spec_format(port, text, sizeof(text));

	if (r < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, r, "port %zu: %s", number, strerror(-r));
	words_add(&ports->inside, text);
	return 0;
}

/* Not for another host, whose address it isn't. */
static void choose_mac(struct port_spec *port, const struct ports *ports)
{
	char machine[64];

	if (port->kind != PORT_VHOST_KERNEL || port->has_mac || ports->later ||
		!tap_machine(machine, sizeof(machine)))
		return;
	tap_address(machine, port->path, port->mac);
	port->has_mac = true;
}

static int device_place(size_t number, const struct port_spec *port, const char *given,
	struct ports *ports, struct cvio_error *err)
{
	struct port_spec inside = *port;
	int r = port_device_check(number, port, &ports->devices, err);

	if (r < 0 && ports->later && err->exit_code != CVIO_EXIT_CONFIG) {
		fprintf(stderr, "cvio: on this host, now: %s\n", err->text);
		r = 0;
	}
	if (r < 0)
		return r;
	if (is_taken(&ports->inside, port->path))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: another port has this one; give each its own", number,
			given);
	words_add(&ports->wired, given);
	inside.ip[0] = inside.netns[0] = '\0'; /* those are ours to see to */
	choose_mac(&inside, ports);
	return add_inside(number, &inside, ports, err);
}

static int port_place(size_t number, struct port_spec *port, const struct image_user *user,
	struct ports *ports, struct cvio_error *err)
{
	char given[PATH_MAX];
	struct socket_place place = {0};
	const char *target;
	int r = socket_check(number, port, user, &place, err);

	if (r < 0 && ports->later && err->exit_code != CVIO_EXIT_CONFIG)
		r = place_later(r, port->path, &place, err);
	if (r < 0)
		return r;
	strcpy(given, port->path);
	if (strpbrk(place.base, DEVICE_SIGNS) != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: DPDK can't take a socket whose name has =, [ or ]; "
			"rename it",
			number, given);
	if (port->kind == PORT_VHOST_USER && port->queues > PORT_USER_QUEUES_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: queues=%u: a vhost-user port has %d at most; lower it",
			number, given, port->queues, PORT_USER_QUEUES_MAX);
	if (strpbrk(place.base, WHITE_SPACE ",") != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: a link to a socket whose name has a comma or a space; "
			"rename that",
			number, given);
	for (size_t i = 0; i < place.group_count; i++)
		add_group(&ports->groups, place.groups[i]);
	target = mount_target(ports, &place);
	if (snprintf(port->path, sizeof(port->path), "%s/%s", target, place.base) >= PATH_MAX ||
		ports->folders.failed || ports->targets.failed || ports->groups.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	if (strlen(port->path) > SOCKET_PATH_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENAMETOOLONG,
			"port %zu: %.200s: the socket's name is %zu bytes too long; shorten it "
			"(its folder may have any length)",
			number, place.base, strlen(port->path) - SOCKET_PATH_MAX);
	if (is_taken(&ports->inside, port->path))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: %.200s: another port has this socket; give each its own", number,
			given);
	return add_inside(number, port, ports, err);
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
		if (r == 0 && (port.kind == PORT_VHOST_KERNEL || port.kind == PORT_PCI))
			r = device_place(i, &port, specs->list[i], ports, err);
		else if (r == 0)
			r = port_place(i, &port, user, ports, err);
		if (r < 0)
			return r;
	}
	if (ports->inside.failed || ports->devices.failed || ports->wired.failed)
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
	words_fini(&ports->targets);
	words_fini(&ports->groups);
	words_fini(&ports->devices);
	words_fini(&ports->wired);
	words_fini(&ports->inside);
}
