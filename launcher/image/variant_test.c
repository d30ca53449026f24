/* SPDX-License-Identifier: BSD-3-Clause */
/* Which image of an index a CPU gets: a table of CPUs, indexes and storages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "image/variant.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define ENTRY(digest, arch, variant)   \
	"{\"digest\":\"sha256:" digest \
	"\",\"platform\":{\"os\":\"linux\",\"architecture\":\"" arch "\"" variant "}}"
#define V(v) ",\"variant\":\"" v "\""
#define INDEX(entries) "{\"manifests\":[" entries "]}"
#define ALL                                                                                       \
	INDEX(ENTRY("a0", "amd64", "") "," ENTRY("a2", "amd64", V("v2")) "," ENTRY("a3", "amd64", \
		V("v3")) "," ENTRY("a4", "amd64", V("v4")) "," ENTRY("b8", "arm64", V("v8")))
#define IMAGE(digest, id) "{\"Id\":\"" id "\",\"Digest\":\"sha256:" digest "\"}"
#define STORED                                                                             \
	"[" IMAGE("a0", "zero") "," IMAGE("a2", "two") "," IMAGE("a3", "three") "," IMAGE( \
		"a4", "four") "," IMAGE("b8", "arm") "]"

static void test_choose(void **state)
{
	static const struct {
		const char *index, *images, *cpu, *id, *level;
		int result, exit_code;
	} table[] = {
		{ALL, STORED, "x86-64-v4", "four", "x86-64-v4", 0, 0},
		{ALL, STORED, "x86-64-v3", "three", "x86-64-v3", 0, 0},
		{ALL, STORED, "x86-64-v2", "two", "x86-64-v2", 0, 0},
		/* the image itself says what is lacking */
		{ALL, STORED, "x86-64", "zero", "x86-64", 0, 0},
		{ALL, STORED, "aarch64", "arm", "aarch64", 0, 0},
		/* the order of the entries doesn't matter */
		{INDEX(ENTRY("a4", "amd64", V("v4")) "," ENTRY("a3", "amd64", V("v3"))), STORED,
			"x86-64-v4", "four", "x86-64-v4", 0, 0},
		/* a storage that lacks the best */
		{ALL, "[" IMAGE("a2", "two") "," IMAGE("b8", "arm") "]", "x86-64-v4", "two",
			"x86-64-v2", 0, 0},
		{ALL, "[{\"Id\":\"x\",\"RepoDigests\":[\"h/n@sha256:a3\"]}]", "x86-64-v4", "x",
			"x86-64-v3", 0, 0},
		{ALL, "[" IMAGE("b8", "arm") "]", "x86-64-v4", NULL, "x86-64-v4", -ENOENT,
			LAUNCHER_EXIT_NO_IMAGE},
		{ALL, "[]", "aarch64", NULL, "aarch64", -ENOENT, LAUNCHER_EXIT_NO_IMAGE},
		/* none for the CPU */
		{INDEX(ENTRY("a3", "amd64", V("v3")) "," ENTRY("b8", "arm64", V("v8"))), STORED,
			"x86-64-v2", NULL, "x86-64-v3 aarch64", -EINVAL, LAUNCHER_EXIT_UNFIT},
		{INDEX(ENTRY("a3", "amd64", V("v3"))), STORED, "aarch64", NULL, "aarch64", -EINVAL,
			LAUNCHER_EXIT_UNFIT},
		{INDEX(ENTRY("a3", "s390x", "")), STORED, "x86-64-v4", NULL, "other systems",
			-EINVAL, LAUNCHER_EXIT_UNFIT},
		{INDEX(""), STORED, "x86-64-v4", NULL, "other systems", -EINVAL,
			LAUNCHER_EXIT_UNFIT},
		{INDEX("1,{},{\"platform\":3}"), STORED, "x86-64-v4", NULL, "other systems",
			-EINVAL, LAUNCHER_EXIT_UNFIT},
		{"{}", STORED, "x86-64-v4", NULL, "can't be read", -EINVAL, CVIO_EXIT_SOFTWARE},
		{"no JSON", STORED, "x86-64-v4", NULL, "can't be read", -EINVAL,
			CVIO_EXIT_SOFTWARE},
		{ALL, "", "x86-64-v4", NULL, "can't be read", -EINVAL, CVIO_EXIT_SOFTWARE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct cvio_error err = {0};
		struct variant v = {0};
		int r = variant_choose(
			"some/index", table[i].index, table[i].images, table[i].cpu, &v, &err);

		assert_int_equal(r, table[i].result);
		assert_int_equal(err.exit_code, table[i].exit_code);
		if (r == 0) {
			assert_true(v.of_index);
			assert_string_equal(v.id, table[i].id);
			assert_string_equal(v.level, table[i].level);
		} else {
			assert_non_null(strstr(err.text, "some/index"));
			assert_non_null(strstr(err.text, table[i].level));
		}
	}
}

static void test_levels(void **state)
{
	struct variant v;

	(void)state;
	assert_int_equal(variant_choose("i", ALL, STORED, "x86-64-v3", &v, NULL), 0);
	assert_string_equal(v.levels, "x86-64-v2 x86-64-v3 x86-64-v4 aarch64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
