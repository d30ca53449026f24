/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/cpu_x86.h"

#include <cpuid.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define FIELD(field) offsetof(struct cpu_x86, field)
#define XCR0_AVX 0x06    /* XMM and YMM */
#define XCR0_AVX512 0xe6 /* and mask registers, ZMM */

static const struct feature {
	int level;
	size_t field;
	uint32_t bits; /* all of them */
	const char *name;
} features[] = {
	{2, FIELD(basic_ecx), 1U << 0, "SSE3"},
	{2, FIELD(basic_ecx), 1U << 9, "SSSE3"},
	{2, FIELD(basic_ecx), 1U << 13, "CMPXCHG16B"},
	{2, FIELD(basic_ecx), 1U << 19, "SSE4.1"},
	{2, FIELD(basic_ecx), 1U << 20, "SSE4.2"},
	{2, FIELD(basic_ecx), 1U << 23, "POPCNT"},
	{2, FIELD(extended_ecx), 1U << 0, "LAHF"},
	{3, FIELD(basic_ecx), 1U << 12, "FMA"},
	{3, FIELD(basic_ecx), 1U << 22, "MOVBE"},
	{3, FIELD(basic_ecx), 1U << 28, "AVX"},
	{3, FIELD(basic_ecx), 1U << 29, "F16C"},
	{3, FIELD(structured_ebx), 1U << 3, "BMI1"},
	{3, FIELD(structured_ebx), 1U << 5, "AVX2"},
	{3, FIELD(structured_ebx), 1U << 8, "BMI2"},
	{3, FIELD(extended_ecx), 1U << 5, "LZCNT"},
	{3, FIELD(xcr0), XCR0_AVX, "kernel that saves AVX registers"},
	{4, FIELD(structured_ebx), 1U << 16, "AVX512F"},
	{4, FIELD(structured_ebx), 1U << 17, "AVX512DQ"},
	{4, FIELD(structured_ebx), 1U << 28, "AVX512CD"},
	{4, FIELD(structured_ebx), 1U << 30, "AVX512BW"},
	{4, FIELD(structured_ebx), 1U << 31, "AVX512VL"},
	{4, FIELD(xcr0), XCR0_AVX512, "kernel that saves AVX-512 registers"},
};

static const char *const levels[] = {"x86-64-v4", "x86-64-v3", "x86-64-v2"};

int cpu_x86_lacks(const struct cpu_x86 *cpu, const char *level, char *text)
{
	int number = level[strlen(level) - 1] - '0';
	size_t used = 0;
	int count = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		const struct feature *f = &features[i];
		uint32_t has;

		memcpy(&has, (const char *)cpu + f->field, sizeof(has));
		if (f->level > number || (has & f->bits) == f->bits)
			continue;
		/* a kernel saves no registers that aren't there */
		if (f->field == FIELD(xcr0) && count > 0)
			continue;
		/* the names of all fit, as the test makes sure */
		used += snprintf(
			text + used, CPU_LACKS_LEN - used, "%s%s", count > 0 ? ", " : "", f->name);
		count++;
	}
	return count;
}

const char *cpu_x86_level(const struct cpu_x86 *cpu)
{
	char text[CPU_LACKS_LEN];

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (cpu_x86_lacks(cpu, levels[i], text) == 0)
			return levels[i];
	return NULL;
}

/* A leaf that the CPU lacks has no features. */
static struct cpu_x86 cpu_read(void)
{
	struct cpu_x86 cpu = {0};
	uint32_t a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d))
		cpu.basic_ecx = c;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		cpu.structured_ebx = b;
	if (__get_cpuid(0x80000001, &a, &b, &c, &d))
		cpu.extended_ecx = c;
	/* OSXSAVE: the kernel lets programs ask */
	if (cpu.basic_ecx & (1U << 27))
		__asm__("xgetbv" : "=a"(cpu.xcr0), "=d"(d) : "c"(0));
	return cpu;
}

int cpu_lacks(const char *level, char *text)
{
	struct cpu_x86 cpu = cpu_read();

	return cpu_x86_lacks(&cpu, level, text);
}

const char *cpu_level(void)
{
	struct cpu_x86 cpu = cpu_read();

	return cpu_x86_level(&cpu);
}
