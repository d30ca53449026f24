/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A port is a device of DPDK that is plugged in after EAL's initialisation, not an argument
 * of it: so each can be tried again while its backend isn't there, and fails by itself.
 *
 * DPDK's virtio-user connects once in client mode, and blocks in accept() in server mode. Client:
 * it is tried again until `wait` has passed, as is a server to which no backend but somebody else
 * connected. A timer's signal, which only this thread takes, ends
 * the server's accept(), and any recv() from a backend that doesn't answer.
 */
#include "runtime/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#include <rte_cpuflags.h>
#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_log.h>
#include <rte_vect.h>

#include "pmd/alarm.h"
#include "pmd/grammar/error.h"
#include "pmd/port_args.h"
#include "pmd/port_hooks.h"
#include "pmd/port_report.h"
#include "pmd/socket.h"
#include "pmd/socket_made.h"
#include "runtime/config.h"

#define RETRY_NS 20000000 /* 50 tries a second: a switch's restart isn't prolonged noticeably */
#define SECOND_NS INT64_C(1000000000)
#define ANSWER_NS (5 * SECOND_NS) /* a backend that is there answers within milliseconds */
#define GONE_NS                                                                          \
	SECOND_NS /* until a backend has seen that the frontend before this one has gone \
		   */

struct port {
	const struct port_spec *spec;
	enum port_ring ring; /* what is offered: the specification's, or split for a second try */
	unsigned int index;
	bool tap;    /* of vhost-kernel: net_tap, without vhost-net */
	bool loud;   /* leave DPDK's lines as they are */
	uint16_t id; /* DPDK's, once it is made */
	char name[PORT_ARGS_NAME_LEN];
	char args[PORT_ARGS_ARGS_LEN];
};

/* An attempt that fails may be one of many; DPDK writes three lines of error for each. */
static int port_attach(const struct port *port)
{
	uint32_t level = rte_log_get_global_level();
	int ret;

	if (!port->loud)
		rte_log_set_global_level(RTE_LOG_CRIT);
	ret = rte_eal_hotplug_add(port_args_bus(port->spec), port->name, port->args);
	rte_log_set_global_level(level);
	return ret;
}

static int fail(const struct port *port, int result, struct cvio_error *err, const char *what)
{
	return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, result, "port %u: %s: %s", port->index,
		port->spec->path, what);
}

/* A backend may take the connection and then not answer: its recv() would have no end. */
static int port_attach_within(const struct port *port, int64_t ns)
{
	int ret;

	alarm_set(ns);
	ret = port_attach(port);
	alarm_clear();
	return ret;
}

/* The other side is there and the device is refused all the same: say it with DPDK's own lines. */
static int fail_setup(struct port *port, struct cvio_error *err)
{
	port->loud = true;
	if (port_attach_within(port, ANSWER_NS) == 0)
		return 0;
	return fail(port, -EPROTO, err,
		"the backend is there, but the port could not be set up; has another container "
		"this port? see the lines above");
}

/* One attempt: it may last as long as is left of `wait`, but a backend that is there gets ANSWER_NS
 * at least. */
static int client_attach(const struct port *port, int64_t deadline)
{
	int64_t begin = alarm_now_ns();
	int64_t ns = deadline - begin;

	if (ns < ANSWER_NS)
		ns = ANSWER_NS;
	if (port_attach_within(port, ns) == 0)
		return 0;
	return alarm_now_ns() - begin >= ns ? -ETIMEDOUT : -EAGAIN;
}

static int client_connect(struct port *port, struct cvio_error *err)
{
	int64_t begin = alarm_now_ns();
	int64_t deadline = begin + (int64_t)port->spec->wait * SECOND_NS;
	bool said = false;

	for (;;) {
		int why = access(port->spec->path, F_OK) < 0 ? -errno : 0;
		char what[192];

		if (why == 0) {
			int ret = client_attach(port, deadline);

			if (ret == 0)
				return 0;
			if (ret == -ETIMEDOUT)
				return fail(port, ret, err,
					"something accepts connections there, but does not answer "
					"as a vhost-user backend; is the switch hanging?");
			why = socket_probe(port->spec->path);
		}
		if (why == 0 && alarm_now_ns() - begin >= GONE_NS)
			return fail_setup(port, err);
		if (why == 0) {
			nanosleep(&(struct timespec){.tv_nsec = 5 * RETRY_NS}, NULL);
			continue;
		}
		snprintf(what, sizeof(what), "%s", socket_explain(why));
		if (why != -ENOENT && why != -ECONNREFUSED)
			return fail(port, why, err, what);
		if (alarm_now_ns() >= deadline) {
			snprintf(what, sizeof(what),
				"%s (waited %" PRIu32 " s); is the switch running?",
				socket_explain(why), port->spec->wait);
			return fail(port, why, err, what);
		}
		if (!said)
			log_line(LOG_LEVEL_NOTICE, "port %u: %s: %s; waiting up to %" PRIu32 " s",
				port->index, port->spec->path, what, port->spec->wait);
		said = true;
		nanosleep(&(struct timespec){.tv_nsec = RETRY_NS}, NULL);
	}
}

/*
 * A socket of an earlier life is in the way of bind(); one that is alive belongs to somebody else.
 */
static int clear_path(const struct port *port, struct cvio_error *err)
{
	int why = socket_probe(port->spec->path);

	switch (why) {
	case -ENOENT:
		return 0;
	case -ECONNREFUSED:
		if (unlink(port->spec->path) < 0)
			return fail(port, -errno, err,
				"a stale socket that can't be removed; remove it");
		log_line(LOG_LEVEL_NOTICE, "port %u: %s: removed a stale socket", port->index,
			port->spec->path);
		return 0;
	case 0:
		return fail(port, -EADDRINUSE, err,
			"somebody listens there already; choose another path");
	default:
		return fail(port, why, err, socket_explain(why));
	}
}

/* What bind() will need; DPDK would say only that it failed, and for a backend only at its start.
 */
static int server_prepare(const struct port *port, struct cvio_error *err)
{
	int ret = socket_folder_check(port->spec->path);
	char what[192];

	if (ret < 0) {
		snprintf(what, sizeof(what),
			"the socket can't be made in its folder: %s; give the container's uid "
			"write access to the folder",
			strerror(-ret));
		return fail(port, ret, err, what);
	}
	ret = clear_path(port, err);
	if (ret == 0)
		socket_made_note(port->spec->path);
	return ret;
}

/*
 * Who connects may be no backend: a monitor, or the probe of another container that wants the same
 * path. DPDK gives up then, and (22.11) leaves its listener open, so that a backend that has just
 * connected would wait for ever. It is closed, and the wait goes on with a new socket.
 */
static int server_again(const struct port *port, struct cvio_error *err)
{
	nanosleep(&(struct timespec){.tv_nsec = RETRY_NS}, NULL);
	unlink(port->spec->path); /* ours; DPDK has closed its listener (packagefiles, 0008) */
	return clear_path(port, err);
}

static int server_accept(struct port *port, struct cvio_error *err)
{
	int64_t left = (int64_t)port->spec->wait * SECOND_NS;
	int64_t deadline = alarm_now_ns() + left;
	bool again = false;
	char what[128];
	int ret;

	ret = server_prepare(port, err);
	if (ret < 0)
		return ret;
	log_line(LOG_LEVEL_NOTICE,
		"port %u: %s: waiting up to %" PRIu32 " s for a backend to connect", port->index,
		port->spec->path, port->spec->wait);
	for (;;) {
		if (port_attach_within(port, left) == 0)
			return 0;
		left = deadline - alarm_now_ns();
		if (left <= 0)
			break;
		again = true;
		ret = server_again(port, err);
		if (ret < 0)
			return ret;
	}
	snprintf(what, sizeof(what),
		"no backend has connected and answered (waited %" PRIu32 " s)%s", port->spec->wait,
		again ? "; CVIO_LOG=debug tells more" : "");
	return fail(port, -ETIMEDOUT, err, what);
}

static int backend_make(struct port *port, struct cvio_error *err)
{
	if (port->spec->server) {
		int ret = server_prepare(port, err);

		if (ret < 0)
			return ret;
	}
	if (port_attach(port) == 0)
		return 0;
	return fail(port, -ENODEV, err,
		"DPDK can't make the backend; does the image have the driver net_vhost?");
}

/* Why a device of the kernel can't be opened, and what to do; the launcher passes and opens it. */
static int device_check(
	const struct port *port, const char *path, const char *module, struct cvio_error *err)
{
	char what[192];

	if (access(path, R_OK | W_OK) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM)
		snprintf(what, sizeof(what),
			"%s: uid %u may not open it; give it the device's group", path,
			(unsigned int)getauxval(AT_UID));
	else
		snprintf(what, sizeof(what),
			"%s: %s; is the kernel module %s loaded, and the device passed to the "
			"container?",
			path, strerror(errno), module);
	return fail(port, -errno, err, what);
}

/* A device that is there at once or never: if not, say it with DPDK's own lines. */
static int device_make(struct port *port, struct cvio_error *err, const char *what)
{
	if (port_attach(port) == 0)
		return 0;
	port->loud = true;
	if (port_attach(port) == 0)
		return 0;
	return fail(port, -ENODEV, err, what);
}

/* DPDK would make a tap that isn't there, which a container may not: its lines say only EPERM. */
static int kernel_make(struct port *port, struct cvio_error *err)
{
	int ret = port->tap ? 0 : device_check(port, PORT_DEV_VHOST_NET, "vhost_net", err);

	if (ret == 0)
		ret = device_check(port, PORT_DEV_TUN, "tun", err);
	if (ret < 0)
		return ret;
	return device_make(port, err,
		port->tap ? "the tap can't be had: it has to be in the container's network, "
			    "multi_queue and of this uid; `cvio run` makes it so; or has the image "
			    "no driver net_tap? see the lines above"
			  : "the tap can't be had: it has to be in the container's network, "
			    "multi_queue, vnet_hdr, of this uid and used by nobody else; `cvio "
			    "run` makes it so; see the lines above");
}

/* Only where it was asked for: it is slower, and has no LRO. */
static bool kernel_falls_back(const struct port *port)
{
	int fd;

	if (!port->spec->fallback_tap)
		return false;
	fd = open(
		PORT_DEV_VHOST_NET, O_RDWR | O_CLOEXEC); /* a node may be there without a module */
	if (fd >= 0) {
		close(fd);
		return false;
	}
	log_line(LOG_LEVEL_NOTICE,
		"port %u: %s: " PORT_DEV_VHOST_NET ": %s; by DPDK's net_tap instead, as "
		"fallback=tap has it",
		port->index, port->spec->path, strerror(errno));
	return true;
}

static int nic_make(struct port *port, struct cvio_error *err)
{
	return device_make(port, err,
		"DPDK can't have the NIC; is it bound to vfio-pci, are /dev/vfio/vfio and its "
		"group in the container, and has the image its driver? see the lines above");
}

static int port_plug(struct port *port, struct cvio_error *err)
{
	switch (port->spec->kind) {
	case PORT_VHOST_BACKEND:
		return backend_make(port, err);
	case PORT_VHOST_KERNEL:
		return kernel_make(port, err);
	case PORT_PCI:
		return nic_make(port, err);
	default:
		return port->spec->server ? server_accept(port, err) : client_connect(port, err);
	}
}

static int port_connect(struct port *port, const struct port_cpu *cpu, struct cvio_error *err)
{
	struct port_spec offer = *port->spec;
	struct port_choice choice;
	int ret;

	offer.ring = port->ring;
	choice = port_choice_for(&offer, cpu);
	choice.tap = port->tap = kernel_falls_back(port);
	ret = port_args_format(port->spec, port->index, &choice, port->name, sizeof(port->name),
		port->args, sizeof(port->args), err);

	if (ret < 0)
		return ret;
	/* DPDK would take the device that is there for ours, without a word */
	if (rte_eth_dev_get_port_by_name(port->name, &port->id) == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EEXIST,
			"port %u: %s: the application's own arguments have a --vdev named %s as "
			"well; leave one of the two out",
			port->index, port->spec->path, port->name);
	ret = port_plug(port, err);
	if (ret < 0)
		return ret;
	if (rte_eth_dev_get_port_by_name(port->name, &port->id) < 0)
		return fail(port, -ENODEV, err, "DPDK has made the device, but no port of it");
	return 0;
}

/*
 * A packed ring was offered and the backend has taken a split one, for which other features are the
 * fastest: connect again with those. As a server that would mean to wait for the backend once more,
 * so there it stays as it is.
 */
static int port_fall_back(struct port *port, const struct port_cpu *cpu, struct cvio_error *err)
{
	if (port->spec->ring == PORT_RING_PACKED)
		return fail(port, -ENOTSUP, err,
			"ring=packed: the backend offers split rings only; use ring=auto");
	if (port->spec->server)
		return 0;
	if (rte_eal_hotplug_remove("vdev", port->name) < 0)
		return fail(port, -EIO, err, "DPDK can't remove the port to connect it again");
	port->ring = PORT_RING_SPLIT;
	return port_connect(port, cpu, err);
}

static bool cpu_has_avx512(void)
{
#ifdef RTE_ARCH_X86
	return rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F) == 1 &&
	       rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512BW) == 1 &&
	       rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512VL) == 1 &&
	       rte_vect_get_max_simd_bitwidth() >= RTE_VECT_SIMD_512;
#else
	return false;
#endif
}

static int port_make(
	const struct port_spec *spec, unsigned int index, bool loud, struct cvio_error *err)
{
	struct port_cpu cpu = {.avx512 = cpu_has_avx512()};
	struct port port = {.spec = spec, .ring = spec->ring, .index = index, .loud = loud};
	int ret;

	ret = port_connect(&port, &cpu, err);
	if (ret == 0 && spec->kind == PORT_VHOST_USER && spec->ring != PORT_RING_SPLIT &&
		!port_ring_is_packed(port.id))
		ret = port_fall_back(&port, &cpu, err);
	if (ret < 0)
		return ret;
	port_hooks_add(port.id, index, spec);
	return 0;
}

bool ports_have_pci(const struct config *config)
{
	for (size_t i = 0; i < config->port_count; i++)
		if (config->ports[i].kind == PORT_PCI)
			return true;
	return false;
}

int ports_make(const struct config *config, struct cvio_error *err)
{
	for (unsigned int i = 0; i < config->port_count; i++) {
		int ret = port_make(&config->ports[i], i, config->log == LOG_LEVEL_DEBUG, err);

		if (ret < 0)
			return ret;
	}
	return 0;
}
