/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's generic platform is compiled for ARMv8 with CRC32, which the first of its CPUs may lack.
 */
#include "runtime/cpu_check.h"

#include <stdio.h>
#include <sys/auxv.h>

int cpu_lacks(const char *level, char *text)
{
	int lacks = (getauxval(AT_HWCAP) & HWCAP_CRC32) == 0;

	(void)level;
	snprintf(text, CPU_LACKS_LEN, "%s", lacks ? "CRC32" : "");
	return lacks;
}

const char *cpu_level(void)
{
	char text[CPU_LACKS_LEN];

	return cpu_lacks("aarch64", text) == 0 ? "aarch64" : NULL;
}
