/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of CPUs: see cpu_list.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* cpu_set_t */
#endif
#include "pmd/grammar/cpu_list.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/output.h"

#define LAST_CPU (CPU_SETSIZE - 1)
#define WANTED "a number from 0 to %d or an ascending range is wanted, such as 0-3,8"

/* Read one CPU's number and move on past it. strtoul() alone would take signs and spaces. */
static bool cpu_parse(const char **at, unsigned int *cpu)
{
	unsigned long n;
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	n = strtoul(*at, &end, 10);
	if (n >= CPU_SETSIZE)
		return false;
	*cpu = (unsigned int)n;
	*at = end;
	return true;
}

/* Read "N" or "N-M" and move on past it. */
static bool range_parse(const char **at, cpu_set_t *set)
{
	unsigned int first, last;

	if (!cpu_parse(at, &first))
		return false;
	last = first;
	if (**at == '-') {
		(*at)++;
		if (!cpu_parse(at, &last) || last < first)
			return false;
	}
	for (unsigned int cpu = first; cpu <= last; cpu++)
		CPU_SET(cpu, set);
	return true;
}

/* An error is one line: what can't be printed isn't shown. */
static int refuse(const char *text, const char *entry, struct cvio_error *err)
{
	size_t shown = strcspn(entry, ",");

	for (const char *c = text; *c != '\0'; c++)
		if (!isprint((unsigned char)*c))
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"CPU list: byte 0x%02x: " WANTED, (unsigned char)*c, LAST_CPU);
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"CPU list \"%.200s\": \"%.*s\": " WANTED, text, shown > 60 ? 60 : (int)shown, entry,
		LAST_CPU);
}

int cpu_list_parse(const char *text, cpu_set_t *set, struct cvio_error *err)
{
	const char *at = text;
	cpu_set_t parsed;

	CPU_ZERO(&parsed);
	for (;;) {
		const char *entry = at;

		if (!range_parse(&at, &parsed) || (*at != ',' && *at != '\0'))
			return refuse(text, entry, err);
		if (*at == '\0')
			break;
		at++;
	}
	*set = parsed;
	return 0;
}

int cpu_list_format(const cpu_set_t *set, char *buf, size_t len)
{
	struct output out = {buf, len, 0};

	output_add(&out, "%s", ""); /* terminates the text of an empty set */
	for (unsigned int first = 0; first < CPU_SETSIZE; first++) {
		unsigned int last = first;

		if (!CPU_ISSET(first, set))
			continue;
		while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
			last++;
		output_add(&out, "%s%u", out.used == 0 ? "" : ",", first);
		if (last > first)
			output_add(&out, "-%u", last);
		first = last;
	}
	return output_end(&out);
}

int cpu_list_to_lcores(const cpu_set_t *set, char *buf, size_t len)
{
	struct output out = {buf, len, 0};
	int count = CPU_COUNT(set);
	unsigned int lcore = 0;

	if (count == 0)
		return -EINVAL;
	if (count > CPU_LIST_LCORES_MAX)
		return -E2BIG;
	for (unsigned int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set)) {
			output_add(&out, "%s%u@%u", lcore == 0 ? "" : ",", lcore, cpu);
			lcore++;
		}
	return output_end(&out);
}
