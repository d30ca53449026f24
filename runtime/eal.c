/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/eal.h"

#include <errno.h>

#include <bus_driver.h>
#include <rte_errno.h>

#include "pmd/grammar/error.h"
#include "runtime/eal_args.h"

/* DPDK's own rte_eal_init() (subprojects/packagefiles, 0001) */
int eal_init_dpdk(int argc, char **argv);

/* EAL answers -1 and sets rte_errno, most of the time. */
static int eal_failed(const struct memory_plan *memory, struct cvio_error *err)
{
	switch (rte_errno) {
	case EINVAL:
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"EAL: wrong arguments; see the lines above, the application's arguments "
			"and "
			"CVIO_EAL_ARGS, CVIO_LCORES");
	case EACCES: /* it has found no hugepages that it may use */
		if (memory->kind == MEMORY_MOUNT)
			return cvio_error_set(err, CVIO_EXIT_MEMORY, -EACCES,
				"EAL: memory mount: is a hugetlbfs mounted at /dev/hugepages that "
				"this uid may write to? See the lines above");
		/* fall through */
	case ENOMEM:
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -rte_errno,
			"EAL: no memory; see the lines above: a hugetlb or memory cgroup may allow "
			"less than CVIO_MEMORY asks for");
	case ENODEV:
	case ENOTSUP:
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -rte_errno,
			"EAL: this CPU or a device of the application's --vdev can't be used; see "
			"the lines above");
	case 0:
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
			"EAL: initialisation failed; see the lines above");
	default:
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -rte_errno,
			"EAL: initialisation failed: %s; see the lines above",
			rte_strerror(rte_errno));
	}
}

/*
 * NICs are plugged in one by one; what is on the bus besides isn't ours. DPDK has an option for
 * that only together with a NIC to begin with.
 */
static int bus_only_named(struct cvio_error *err)
{
	struct rte_bus *bus = rte_bus_find_by_name("pci");

	if (bus == NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENODEV,
			"CVIO_PORTS: a port is pci:ADDRESS, but this image has no driver of a NIC; "
			"build it with one (cvio-net_e1000 and others)");
	bus->conf.scan_mode = RTE_BUS_SCAN_ALLOWLIST;
	return 0;
}

static bool telemetry;

bool eal_has_telemetry(void)
{
	return telemetry;
}

int eal_start(int argc, char **argv, const struct eal_wishes *wishes, struct cvio_error *err)
{
	struct eal_args args;
	int ret = eal_args_build(argc, argv, wishes, &args, err);

	if (ret < 0)
		return ret;
	ret = wishes->pci ? bus_only_named(err) : 0;
	if (ret < 0)
		return ret;
	ret = eal_init_dpdk(args.argc, args.argv);
	if (ret < 0)
		return eal_failed(wishes->memory, err);
	telemetry = args.telemetry;
	return eal_args_return(&args, ret, argc, argv);
}
