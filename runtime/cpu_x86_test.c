/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUs by their registers against the levels that they have, and this machine's against gcc's own
 * idea of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "runtime/cpu_x86.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The bits of each level alone; of the basic leaf's ECX, bit 27 is OSXSAVE. */
#define V2 .basic_ecx = 0x00982201, .extended_ecx = 0x00000001
#define V3_BASIC (0x00982201 | 0x38401000)
#define V3_STRUCTURED 0x00000128
#define V3_EXTENDED 0x00000021
#define V4_STRUCTURED (V3_STRUCTURED | 0xd0030000)

static void test_lacks(void **state)
{
	static const struct {
		struct cpu_x86 cpu;
		const char *level, *lacks, *has;
	} table[] = {
		{{0}, "x86-64-v2", "SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT, LAHF", NULL},
		{{V2}, "x86-64-v2", "", "x86-64-v2"},
		{{V2}, "x86-64-v3", "FMA, MOVBE, AVX, F16C, BMI1, AVX2, BMI2, LZCNT", "x86-64-v2"},
		{{V3_BASIC, V3_STRUCTURED, V3_EXTENDED, 7}, "x86-64-v3", "", "x86-64-v3"},
		{{V3_BASIC, V3_STRUCTURED, V3_EXTENDED, 7}, "x86-64-v2", "", "x86-64-v3"},
		/* the CPU has it all, the kernel doesn't save the registers */
		{{V3_BASIC, V3_STRUCTURED, V3_EXTENDED, 3}, "x86-64-v3",
			"kernel that saves AVX registers", "x86-64-v2"},
		{{V3_BASIC, V3_STRUCTURED & ~0x100U, V3_EXTENDED, 7}, "x86-64-v3", "BMI2",
			"x86-64-v2"},
		/* a level below that isn't whole */
		{{V3_BASIC & ~1U, V3_STRUCTURED, V3_EXTENDED, 7}, "x86-64-v3", "SSE3", NULL},
		{{V3_BASIC, V3_STRUCTURED, V3_EXTENDED, 7}, "x86-64-v4",
			"AVX512F, AVX512DQ, AVX512CD, AVX512BW, AVX512VL", "x86-64-v3"},
		{{V3_BASIC, V4_STRUCTURED, V3_EXTENDED, 0xe7}, "x86-64-v4", "", "x86-64-v4"},
		{{V3_BASIC, V4_STRUCTURED, V3_EXTENDED, 7}, "x86-64-v4",
			"kernel that saves AVX-512 registers", "x86-64-v3"},
		/* Knights Landing has AVX512F and CD alone */
		{{V3_BASIC, V3_STRUCTURED | 0x10010000, V3_EXTENDED, 0xe7}, "x86-64-v4",
			"AVX512DQ, AVX512BW, AVX512VL", "x86-64-v3"},
	};
	char text[CPU_LACKS_LEN];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int lacks = cpu_x86_lacks(&table[i].cpu, table[i].level, text);
		const char *has = cpu_x86_level(&table[i].cpu);

		assert_string_equal(text, table[i].lacks);
		assert_int_equal(lacks == 0, text[0] == '\0');
		if (table[i].has == NULL)
			assert_null(has);
		else
			assert_string_equal(has, table[i].has);
	}
}

static void test_longest(void **state)
{
	static const struct cpu_x86 none;
	char text[CPU_LACKS_LEN];

	(void)state;
	assert_int_equal(cpu_x86_lacks(&none, "x86-64-v4", text), 20);
	assert_true(strlen(text) < CPU_LACKS_LEN - 1);
	assert_string_equal(text + strlen(text) - 8, "AVX512VL");
}

static void test_this_machine(void **state)
{
	char text[CPU_LACKS_LEN];

	(void)state;
	__builtin_cpu_init();
	assert_int_equal(
		cpu_lacks("x86-64-v2", text) == 0, __builtin_cpu_supports("x86-64-v2") != 0);
	assert_int_equal(
		cpu_lacks("x86-64-v3", text) == 0, __builtin_cpu_supports("x86-64-v3") != 0);
	assert_int_equal(
		cpu_lacks("x86-64-v4", text) == 0, __builtin_cpu_supports("x86-64-v4") != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lacks),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
