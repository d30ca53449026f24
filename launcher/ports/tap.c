/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/tap.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "base/exit.h"
#include "pmd/grammar/port_spec.h"
#include "pmd/grammar/words.h"

/* nsenter(1), since ip(8) takes names only and a network may be given by any path */
static void begin(struct words *argv, const char *netns)
{
	if (netns[0] != '\0') {
		words_add(argv, "nsenter");
		words_addf(argv, "--net=%s", netns);
		words_add(argv, "--");
	}
	words_add(argv, "ip");
}

static void netns_of(pid_t pid, char buf[static 64])
{
	snprintf(buf, 64, "/proc/%d/ns/net", (int)pid);
}

/* Runs it with words separated by spaces; an interface's name and an address have none. */
static int ip(
	const char *netns, const char *command, struct capture *capture, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};

	begin(&argv, netns);
	if (shell_split(command, &argv) < 0 || argv.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return capture_run(&argv, -1, capture, err);
}

__attribute__((format(printf, 4, 5))) static int ip_do(const struct port_spec *port,
	const char *netns, struct cvio_error *err, const char *format, ...)
{
	_capture_cleanup_ struct capture capture = {0};
	char command[PATH_MAX + 256];
	va_list ap;
	int r;

	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	r = ip(netns, command, &capture, err);
	if (r < 0)
		return r;
	if (capture.status == 0)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -EIO, "vhost-kernel:%s: ip %s: %.200s",
		port->path, command, capture_reason(&capture));
}

/* What ip(8) knows of an interface: a new reference, NULL if there is none. */
static json_t *describe(const char *netns, const char *ifname)
{
	_capture_cleanup_ struct capture capture = {0};
	char command[64];
	json_t *list, *one;

	snprintf(command, sizeof(command), "-json link show dev %s", ifname);
	if (ip(netns, command, &capture, NULL) < 0 || capture.status != 0)
		return NULL;
	list = json_loads(capture.out, 0, NULL);
	one = json_incref(json_array_get(list, 0));
	json_decref(list);
	return one;
}

bool tap_is_there(const char *netns, const char *ifname)
{
	json_t *json = describe(netns, ifname);
	bool there = json != NULL;

	json_decref(json);
	return there;
}

static int tap_dress(
	const struct port_spec *port, const char *owner, const char *inside, struct cvio_error *err)
{
	const uint8_t *m = port->mac;
	int r = ip_do(port, port->netns, err, "link set dev %s alias %s", port->path, owner);

	if (r == 0 && port->mtu != 0)
		r = ip_do(port, port->netns, err, "link set dev %s mtu %u", port->path, port->mtu);
	if (r == 0 && port->has_mac)
		r = ip_do(port, port->netns, err,
			"link set dev %s address %02x:%02x:%02x:%02x:%02x:%02x", port->path, m[0],
			m[1], m[2], m[3], m[4], m[5]);
	if (r == 0)
		r = ip_do(port, port->netns, err, "link set dev %s netns %s", port->path, inside);
	if (r == 0)
		r = ip_do(port, inside, err, "link set dev %s up", port->path);
	return r;
}

int tap_make(const struct port_spec *port, const char *owner, uid_t uid, pid_t pid,
	struct cvio_error *err)
{
	char inside[64];
	int r;

	netns_of(pid, inside);
	if (tap_is_there(port->netns, port->path))
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -EEXIST,
			"vhost-kernel:%s: there is an interface of this name; choose another, or "
			"`ip link delete %s`",
			port->path, port->path);
	r = ip_do(port, port->netns, err, "tuntap add dev %s mode tap user %u multi_queue vnet_hdr",
		port->path, (unsigned int)uid);
	if (r < 0)
		return r;
	r = tap_dress(port, owner, inside, err);
	if (r < 0)
		tap_remove(port, owner, NULL);
	return r;
}

int tap_publish(const struct port_spec *port, pid_t pid, struct cvio_error *err)
{
	char inside[64], own[64];
	int r;

	netns_of(pid, inside);
	netns_of(getpid(), own);
	r = ip_do(port, inside, err, "link set dev %s netns %s", port->path,
		port->netns[0] == '\0' ? own : port->netns);
	if (r == 0 && port->ip[0] != '\0')
		r = ip_do(
			port, port->netns, err, "address replace %s dev %s", port->ip, port->path);
	if (r == 0)
		r = ip_do(port, port->netns, err, "link set dev %s up", port->path);
	return r;
}

int tap_remove(const struct port_spec *port, const char *owner, struct cvio_error *err)
{
	json_t *json = describe(port->netns, port->path);
	const char *alias = json_string_value(json_object_get(json, "ifalias"));
	bool ours = alias != NULL && strcmp(alias, owner) == 0;

	json_decref(json);
	return ours ? ip_do(port, port->netns, err, "link delete dev %s", port->path) : 0;
}
