/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An engine makes a device's node with the owner and mode that it has on the host, where it is
 * mostly root's. The node in the container is another: it is given to the container's user, and the
 * host's stays as it is. That is done from outside, through the root of the container's process,
 * which still sees the host's folders then and has the container's root where the bundle says.
 */
#include "ports/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <jansson.h>

#include "base/exit.h"
#include "pmd/grammar/port_limits.h"
#include "pmd/grammar/port_spec.h"
#include "ports/tap.h"
#include "ports/tap_keep.h"

struct container {
	pid_t pid;
	uid_t uid; /* on the host */
	gid_t gid;
	char root[PATH_MAX];
};

/* A bundle's numbers may be larger than jansson's integers: a limit of 2^64-1 is usual. */
static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* An id on the host, where the container has a user namespace. */
static unsigned int map_id(const json_t *mappings, unsigned int id)
{
	json_t *one;
	size_t i;

	json_array_foreach ((json_t *)mappings, i, one) {
		double from = number(one, "containerID");

		if (id >= from && id < from + number(one, "size"))
			return (unsigned int)(id - from + number(one, "hostID"));
	}
	return id;
}

static int container_read(struct container *c)
{
	json_t *state = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL);
	const char *bundle = json_string_value(json_object_get(state, "bundle"));
	json_t *config = NULL, *user, *part;
	const char *root;
	char path[PATH_MAX];
	int r = -EINVAL;

	if (bundle != NULL &&
		snprintf(path, sizeof(path), "%s/config.json", bundle) < (int)sizeof(path))
		config = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
	user = json_object_get(json_object_get(config, "process"), "user");
	part = json_object_get(config, "linux");
	root = json_string_value(json_object_get(json_object_get(config, "root"), "path"));
	c->pid = (pid_t)json_integer_value(json_object_get(state, "pid"));
	c->uid = map_id(json_object_get(part, "uidMappings"), (unsigned int)number(user, "uid"));
	c->gid = map_id(json_object_get(part, "gidMappings"), (unsigned int)number(user, "gid"));
	if (c->pid > 0 && user != NULL && root != NULL) {
		int n = snprintf(c->root, sizeof(c->root), "/proc/%d/root%s%s%s", (int)c->pid,
			root[0] == '/' ? "" : bundle, root[0] == '/' ? "" : "/", root);

		r = n < (int)sizeof(c->root) ? 0 : -ENAMETOOLONG;
	}
	json_decref(config);
	json_decref(state);
	return r;
}

/* A node in the container; one that isn't there was not asked for. */
static int give(const struct container *c, const char *device, struct cvio_error *err)
{
	char path[PATH_MAX];
	struct stat st = {0};
	int r = 0;

	if (snprintf(path, sizeof(path), "%s%s", c->root, device) >= (int)sizeof(path))
		r = -ENAMETOOLONG;
	else if (lstat(path, &st) < 0)
		r = errno == ENOENT ? 0 : -errno;
	else if (!S_ISCHR(st.st_mode))
		r = -ENOTTY;
	else if (lchown(path, c->uid, c->gid) < 0)
		r = -errno;
	if (r == 0)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
		"wire: %s: can't be given to the container's uid %u: %s; is the engine another "
		"than runc?",
		path, (unsigned int)c->uid, strerror(-r));
}

static int group_of(const struct port_spec *port, char *buf, size_t size)
{
	char link[PATH_MAX], path[PATH_MAX + 64];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", port->path);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return -errno;
	link[n] = '\0';
	snprintf(buf, size, "%s", strrchr(link, '/') + 1);
	return 0;
}

static int give_devices(
	const struct container *c, const struct port_spec *port, struct cvio_error *err)
{
	char group[32], node[64];
	int r;

	if (port->kind == PORT_VHOST_KERNEL) {
		r = give(c, PORT_DEV_TUN, err);
		return r == 0 ? give(c, PORT_DEV_VHOST_NET, err) : r;
	}
	r = group_of(port, group, sizeof(group));
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, r,
			"wire: pci:%s: its IOMMU group: %s; has it gone?", port->path,
			strerror(-r));
	snprintf(node, sizeof(node), "/dev/vfio/%s", group);
	return give(c, node, err);
}

/* The engine waits until its hook's output is closed, and this stays for as long as the container.
 */
static void keep(const struct taps *taps)
{
	int null;

	if (fork() != 0)
		return;
	setsid();
	signal(SIGHUP, SIG_IGN);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	syscall(SYS_close_range, 3U, ~0U, 0U);
	if (chdir("/") == 0)
		taps_keep(taps);
	_exit(0);
}

static int make_taps(const struct taps *taps, struct cvio_error *err)
{
	for (size_t i = 0; i < taps->count; i++) {
		int r = tap_make(&taps->ports[i], taps->owner, taps->uid, taps->pid, err);

		if (r < 0)
			return r; /* those before are in the container's network, and go with it */
	}
	if (taps->count > 0)
		keep(taps);
	return 0;
}

static int ports_read(
	int argc, char **argv, struct port_spec *ports, const char *command, struct cvio_error *err)
{
	/* engines call hooks without an environment */
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 0);
	if (argc < 3 || argc - 2 > PORT_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"%s: OWNER PORT...; this is for the engine to call", command);
	for (int i = 2; i < argc; i++) {
		int r = port_spec_parse(argv[i], &ports[i - 2], err);

		if (r < 0)
			return r;
	}
	return argc - 2;
}

static int cmd_wire(int argc, char **argv, struct cvio_error *err)
{
	static struct port_spec ports[PORT_MAX], kernel[PORT_MAX];
	struct taps taps = {.ports = kernel, .owner = argc > 1 ? argv[1] : ""};
	int count = ports_read(argc, argv, ports, WIRE_NAME, err);
	struct container c;
	int r = count < 0 ? count : container_read(&c);

	if (count < 0)
		return count;
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, r,
			"wire: %s: standard input isn't the state of a container with a bundle: "
			"%s; "
			"this is for the engine to call",
			taps.owner, strerror(-r));
	for (int i = 0; i < count; i++) {
		r = give_devices(&c, &ports[i], err);
		if (r < 0)
			return r;
		if (ports[i].kind == PORT_VHOST_KERNEL)
			kernel[taps.count++] = ports[i];
	}
	taps.uid = c.uid;
	taps.pid = c.pid;
	return make_taps(&taps, err);
}

static int cmd_unwire(int argc, char **argv, struct cvio_error *err)
{
	static struct port_spec ports[PORT_MAX];
	int count = ports_read(argc, argv, ports, UNWIRE_NAME, err);
	int r = count < 0 ? count : 0;

	for (int i = 0; i < count; i++)
		if (ports[i].kind == PORT_VHOST_KERNEL && tap_remove(&ports[i], argv[1], err) < 0)
			r = -EIO;
	return r;
}

const struct command wire_command = {WIRE_NAME, cmd_wire, NULL, NULL, NULL};
const struct command unwire_command = {UNWIRE_NAME, cmd_unwire, NULL, NULL, NULL};
