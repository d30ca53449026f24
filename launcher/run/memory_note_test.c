/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the plan's line about memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/memory_note.h"

static void test_notes(void **state)
{
	static const struct {
		struct memory_spec spec;
		const char *nodes, *note;
	} table[] = {
		{{.kind = MEMORY_MEMFD, .size = 32ULL << 20}, "0",
			"memory: memfd, 32 MiB: 16 pages of 2 MiB on node 0, 1 region"},
		{{.kind = MEMORY_MOUNT, .size = 40ULL << 30}, "0-1",
			"memory: mount, 40960 MiB: 20480 pages of 2 MiB on node 0-1, 2 regions"},
		{{.kind = MEMORY_MEMFD, .size = 32ULL << 30}, "",
			"memory: memfd, 32768 MiB: 16384 pages of 2 MiB, 1 region"},
		{{MEMORY_MOUNT, 2ULL << 30, MEMORY_PAGE_1G}, "0",
			"memory: mount, 2048 MiB: 2 pages of 1 GiB on node 0, 1 region"},
		{{.kind = MEMORY_AUTO, .size = 8ULL << 20}, "1",
			"memory: auto, 8 MiB: 4 pages of 2 MiB on node 1, 1 region; ordinary pages "
			"if so many aren't free"},
		{{.kind = MEMORY_SMALL, .size = 64ULL << 20}, "0",
			"memory: small, 64 MiB: up to 128 MiB of ordinary pages, 1 region"},
	};
	char note[256];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		memory_note(&table[i].spec, table[i].nodes, note, sizeof(note));
		assert_string_equal(note, table[i].note);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_notes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
