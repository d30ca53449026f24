/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any text as a list of CPUs: printed and parsed again it is the same set, and the lcore map names
 * each CPU of the set once, in order.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* cpu_set_t */
#endif
#include "pmd/grammar/cpu_list.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>

static void check_lcores(const cpu_set_t *set)
{
	int count = CPU_COUNT(set), last = -1;
	char buf[2048], *at = buf;
	int ret = cpu_list_to_lcores(set, buf, sizeof(buf));

	if (count > CPU_LIST_LCORES_MAX) {
		CHECK(ret == -E2BIG);
		return;
	}
	CHECK(ret > 0 && strlen(buf) == (size_t)ret);
	for (int lcore = 0; lcore < count; lcore++) {
		int cpu;

		CHECK(strtol(at, &at, 10) == lcore && *at++ == '@');
		cpu = (int)strtol(at, &at, 10);
		CHECK(cpu > last && CPU_ISSET((size_t)cpu, set));
		CHECK(*at == (lcore + 1 < count ? ',' : '\0'));
		at++;
		last = cpu;
	}
}

static void check_good(const cpu_set_t *set)
{
	char buf[4096];
	int len = cpu_list_format(set, buf, sizeof(buf));
	cpu_set_t again;

	CHECK(CPU_COUNT(set) > 0);
	CHECK(len > 0 && strlen(buf) == (size_t)len);
	CHECK(cpu_list_parse(buf, &again, NULL) == 0);
	CHECK(CPU_EQUAL(set, &again));
	CHECK(cpu_list_format(set, buf, (size_t)len) == -ENOSPC);
	check_lcores(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct cvio_error err;
	cpu_set_t set;

	fuzz_error_init(&err);
	if (cpu_list_parse(text, &set, &err) == 0)
		check_good(&set);
	else
		fuzz_error_check(&err);
	free(text);
	return 0;
}
