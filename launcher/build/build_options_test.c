/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the command line of `cvio build`, and of the names that it makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "build/build_options.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static int parse(const char *const *args, struct build_options *o, struct cvio_error *err)
{
	char *argv[16] = {"build"};
	int argc = 1;

	for (; args[argc - 1] != NULL; argc++)
		argv[argc] = (char *)args[argc - 1];
	return build_options_parse(argc, argv, o, err);
}

static void test_tags(void **state)
{
	static const struct {
		const char *args[8], *tag;
	} table[] = {
		{{"/"}, NULL},
		{{"-t", "hello"}, "localhost/hello:latest"},
		{{"-t", "hello:1.0"}, "localhost/hello:1.0"},
		{{"--tag", "localhost/a/b_c.d", "/"}, "localhost/a/b_c.d:latest"},
		{{"/", "-t", "host:5000/hello"}, "host:5000/hello:latest"},
		{{"-t", "host:5000/hello:v1-A_2"}, "host:5000/hello:v1-A_2"},
		{{"/usr/"}, "localhost/usr:latest"},
		{{"-t", "Hello"}, NULL},
		{{"-t", ""}, NULL},
		{{"-t", "hello:"}, NULL},
		{{"-t", "a/"}, NULL},
		{{"-t", "he llo"}, NULL},
		{{"-t", "-x"}, NULL},
	};
	struct build_options o;
	struct cvio_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int r = parse(table[i].args, &o, &err);

		assert_int_equal(r, table[i].tag == NULL ? -EINVAL : 0);
		if (r == 0)
			assert_string_equal(o.tag, table[i].tag);
		else
			assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	}
}

static void test_cpus(void **state)
{
	static const struct {
		const char *list, *cpus[BUILD_CPUS_MAX];
		int count;
	} table[] = {
		{"x86-64-v3", {"x86-64-v3"}, 1},
		{"aarch64,x86-64-v2", {"x86-64-v2", "aarch64"}, 2},
		{"x86-64-v4,x86-64-v4", {"x86-64-v4"}, 1},
		{"x86-64-v2,x86-64-v3,x86-64-v4,aarch64",
			{"x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64"}, 4},
		{"", {NULL}, -EINVAL},
		{"x86-64-v", {NULL}, -EINVAL},
		{"x86-64-v22", {NULL}, -EINVAL},
		{"x86-64-v2,", {NULL}, -EINVAL},
		{",aarch64", {NULL}, -EINVAL},
		{"x86-64-v1", {NULL}, -EINVAL},
	};
	struct build_options o;
	struct cvio_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const char *args[] = {"--cpu", table[i].list, "-t", "x", NULL};
		int r = parse(args, &o, &err);

		assert_int_equal(r, table[i].count < 0 ? table[i].count : 0);
		if (r < 0)
			continue;
		assert_int_equal(o.cpu_count, table[i].count);
		for (size_t n = 0; n < o.cpu_count; n++)
			assert_string_equal(o.cpus[n], table[i].cpus[n]);
	}
}

static void test_refuses(void **state)
{
	static const struct {
		const char *args[4];
		int result, exit_code;
	} table[] = {
		{{"--no"}, -EINVAL, CVIO_EXIT_CONFIG},
		{{"-t"}, -EINVAL, CVIO_EXIT_CONFIG},
		{{".", "."}, -EINVAL, CVIO_EXIT_CONFIG},
		{{"/no/such/folder"}, -ENOENT, LAUNCHER_EXIT_NO_IMAGE},
	};
	struct build_options o;
	struct cvio_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(parse(table[i].args, &o, &err), table[i].result);
		assert_int_equal(err.exit_code, table[i].exit_code);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *tag, *variant, *stem;
	} table[] = {
		{"localhost/hello:latest", "localhost/hello:x86-64-v2", "hello"},
		{"localhost/hello:1.0", "localhost/hello:1.0-x86-64-v2", "hello-1.0"},
		{"host:5000/a/b:latest", "host:5000/a/b:x86-64-v2", "b"},
	};
	char text[BUILD_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		build_variant_tag(table[i].tag, "x86-64-v2", text, sizeof(text));
		assert_string_equal(text, table[i].variant);
		build_stem(table[i].tag, text, sizeof(text));
		assert_string_equal(text, table[i].stem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
