/* SPDX-License-Identifier: BSD-3-Clause */
/* The x86-64 levels of the psABI, by what CPUID and XGETBV tell. */
#pragma once

#include <stdint.h>

#include "runtime/cpu_check.h"

/* What CPUID tells: its leaf 1 is basic, leaf 7 is structured, leaf 80000001H is extended. */
struct cpu_x86 {
	uint32_t basic_ecx, structured_ebx, extended_ecx;
	uint32_t xcr0; /* the registers that the kernel saves; 0 without XGETBV */
};

/** cpu_lacks() for a CPU given by its registers. Of a level, those below are a part. */
int cpu_x86_lacks(const struct cpu_x86 *cpu, const char *level, char *text);

/** cpu_level() for a CPU given by its registers. */
const char *cpu_x86_level(const struct cpu_x86 *cpu);
