/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/port_device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "pmd/grammar/port_limits.h"
#include "pmd/grammar/port_spec.h"
#include "ports/tap.h"

#define VFIO "/dev/vfio"
#define PCI_DEVICES "/sys/bus/pci/devices"

static void add_once(struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->list[i], word) == 0)
			return;
	words_add(words, word);
}

/* A node may be there without its module: only open() tells, and loads it where that is possible.
 */
static int check_node(size_t number, const struct port_spec *port, const char *path,
	const char *module, struct words *devices, struct cvio_error *err)
{
	_fd_cleanup_ int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -errno,
			"port %zu: vhost-kernel:%s: %s: %s; load the kernel module: `modprobe "
			"%s`%s",
			number, port->path, path, strerror(errno), module,
			strcmp(path, PORT_DEV_VHOST_NET) == 0 ? ", or do without: fallback=tap"
							      : "");
	add_once(devices, path);
	return 0;
}

/* The container's process sees for itself that it is not there, and does without. */
static int check_vhost_net(
	size_t number, const struct port_spec *port, struct words *devices, struct cvio_error *err)
{
	int r = check_node(number, port, PORT_DEV_VHOST_NET, "vhost_net", devices, err);

	return port->fallback_tap ? 0 : r;
}

static int check_kernel(
	size_t number, const struct port_spec *port, struct words *devices, struct cvio_error *err)
{
	int r;

	if (geteuid() != 0)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, -EPERM,
			"port %zu: vhost-kernel:%s: only root can make an interface on the host; "
			"run cvio as root",
			number, port->path);
	if (port->queues > PORT_USER_QUEUES_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"port %zu: vhost-kernel:%s: queues=%u: a vhost-kernel port has %d at most; "
			"lower it",
			number, port->path, port->queues, PORT_USER_QUEUES_MAX);
	r = check_vhost_net(number, port, devices, err);
	if (r == 0)
		r = check_node(number, port, PORT_DEV_TUN, "tun", devices, err);
	if (r < 0)
		return r;
	if (port->netns[0] != '\0' && access(port->netns, R_OK) < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -errno,
			"port %zu: vhost-kernel:%s: netns=%s: %s; `ip netns add` makes one in "
			"/run/netns",
			number, port->path, port->netns, strerror(errno));
	if (tap_is_there(port->netns, port->path))
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -EEXIST,
			"port %zu: vhost-kernel:%s: there is an interface of this name; choose "
			"another, or `ip link delete %s`",
			number, port->path, port->path);
	return 0;
}

/* The last part of a link's target; "" where there is no link. */
static void link_name(const char *address, const char *link, char *buf, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t n;

	buf[0] = '\0';
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", address, link);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	snprintf(buf, size, "%s", strrchr(target, '/') + 1);
}

static int nic_refused(size_t number, const struct port_spec *port, struct cvio_error *err,
	const char *what, const char *remedy)
{
	return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ENODEV, "port %zu: pci:%s: %s; %s",
		number, port->path, what, remedy);
}

static int check_nic(
	size_t number, const struct port_spec *port, struct words *devices, struct cvio_error *err)
{
	char path[64 + PORT_IFNAME_MAX], driver[64], group[32], what[128], remedy[128];

	snprintf(path, sizeof(path), PCI_DEVICES "/%.16s", port->path);
	if (access(path, F_OK) < 0)
		return nic_refused(
			number, port, err, "the host has no such device", "`lspci -D` lists them");
	link_name(port->path, "driver", driver, sizeof(driver));
	snprintf(what, sizeof(what), "it is bound to %s", driver[0] == '\0' ? "no driver" : driver);
	snprintf(remedy, sizeof(remedy), "bind it: `driverctl set-override %.16s vfio-pci`",
		port->path);
	if (strcmp(driver, "vfio-pci") != 0)
		return nic_refused(number, port, err, what, remedy);
	link_name(port->path, "iommu_group", group, sizeof(group));
	if (group[0] == '\0')
		return nic_refused(number, port, err, "it is in no IOMMU group",
			"boot the kernel with intel_iommu=on (or turn the IOMMU on in the BIOS)");
	snprintf(path, sizeof(path), VFIO "/%s", group);
	if (geteuid() != 0 && access(path, R_OK | W_OK) < 0)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PERMISSION, -EPERM,
			"port %zu: pci:%s: %s is closed to uid %u; run cvio as root, or chown it",
			number, port->path, path, (unsigned int)geteuid());
	add_once(devices, VFIO "/vfio");
	add_once(devices, path);
	return 0;
}

int port_device_check(
	size_t number, const struct port_spec *port, struct words *devices, struct cvio_error *err)
{
	return port->kind == PORT_PCI ? check_nic(number, port, devices, err)
				      : check_kernel(number, port, devices, err);
}
