/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A port is a device of DPDK that is plugged in after EAL's initialisation, not an argument of it:
 * so each can be tried again while its backend isn't there, and fails by itself. Each kind has a
 * file of its own for that (port.h). What blocks in DPDK is ended by a timer's signal, which only
 * this thread takes (alarm.h).
 */
#include "pmd/ports.h"

#include <errno.h>

#include <rte_cpuflags.h>
#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_vect.h>

#include "pmd/port.h"
#include "pmd/port_hooks.h"
#include "pmd/port_report.h"

static int port_plug(struct port *port, struct cvio_error *err)
{
	switch (port->spec->kind) {
	case PORT_VHOST_BACKEND:
		return port_backend_make(port, err);
	case PORT_VHOST_KERNEL:
		return port_kernel_make(port, err);
	case PORT_PCI:
		return port_nic_make(port, err);
	default:
		return port->spec->server ? port_server_make(port, err)
					  : port_client_make(port, err);
	}
}

static int port_connect(struct port *port, const struct port_cpu *cpu, struct cvio_error *err)
{
	struct port_spec offer = *port->spec;
	struct port_choice choice;
	int ret;

	offer.ring = port->ring;
	choice = port_choice_for(&offer, cpu);
	choice.tap = port->tap = port_kernel_falls_back(port);
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
		return port_fail(port, -ENODEV, err, "DPDK has made the device, but no port of it");
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
		return port_fail(port, -ENOTSUP, err,
			"ring=packed: the backend offers split rings only; use ring=auto");
	if (port->spec->server)
		return 0;
	if (rte_eal_hotplug_remove("vdev", port->name) < 0)
		return port_fail(port, -EIO, err, "DPDK can't remove the port to connect it again");
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

bool ports_have_pci(const struct port_spec *specs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (specs[i].kind == PORT_PCI)
			return true;
	return false;
}

int ports_make(const struct port_spec *specs, size_t count, bool loud, struct cvio_error *err)
{
	for (unsigned int i = 0; i < count; i++) {
		int ret = port_make(&specs[i], i, loud, err);

		if (ret < 0)
			return ret;
	}
	return 0;
}
