/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/lcores.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "pmd/grammar/cpu_list.h"
#include "pmd/grammar/error.h"
#include "runtime/config.h"

int lcores_plan(const struct config *config, char *map, size_t len, struct cvio_error *err)
{
	cpu_set_t allowed;
	int ret;

	if (config->lcores != NULL) {
		if (strlen(config->lcores) >= len)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -E2BIG,
				"CVIO_LCORES: a map of %zu bytes; at most %zu are possible",
				strlen(config->lcores), len - 1);
		strcpy(map, config->lcores);
		return 0;
	}
	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
			"lcores: the process's CPUs can't be read: %s", strerror(errno));
	ret = cpu_list_to_lcores(&allowed, map, len);
	if (ret < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, ret,
			"lcores: %d CPUs are allowed, more than DPDK has lcores; allow fewer "
			"(cvio run --cpus, podman --cpuset-cpus)",
			CPU_COUNT(&allowed));
	return 0;
}
