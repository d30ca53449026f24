/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/cpu_check.h"

#include <stdio.h>
#include <unistd.h>

#include "pmd/grammar/error.h"

void cpu_check(void)
{
	char lacks[CPU_LACKS_LEN];
	const char *level;

	if (cpu_lacks(CPU_LEVEL, lacks) == 0)
		return;
	level = cpu_level();
	if (level != NULL)
		dprintf(STDERR_FILENO,
			"cvio: cpu: this image needs %s, and here is no %s; take the image for %s "
			"(cvio run chooses by itself from an image index)\n",
			CPU_LEVEL, lacks, level);
	else
		dprintf(STDERR_FILENO,
			"cvio: cpu: this image needs %s, and here is no %s; there is no image for "
			"this CPU, run it on another\n",
			CPU_LEVEL, lacks);
	_exit(CVIO_EXIT_UNFIT);
}

/* Ahead of all constructors with a priority: DPDK's begin with 101, and gcc takes 100 and below for
 * its own. */
__attribute__((section(".init_array.00000"), used)) static void (*const first)(void) = cpu_check;
