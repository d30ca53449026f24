/* SPDX-License-Identifier: BSD-3-Clause */
/* What wins over what in the arguments of EAL, and what the application gets back of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_config.h>

#include "pmd/grammar/error.h"
#include "runtime/eal_args.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define APP_MAX 8

_Static_assert(RTE_MAX_NUMA_NODES == 8, "LIMIT names each node");

#define LCORES " --lcores=0@3"
#define LIMIT " --socket-limit=64,64,64,64,64,64,64,64"
#define AMOUNT " -m64" LIMIT
#define ONE_FILE " --single-file-segments"
#define NO_PCI " --no-pci"
#define IOVA " --iova-mode=va"
#define NO_TELEMETRY " --no-telemetry"
#define SIMD " --force-max-simd-bitwidth=512"
#define LOG " --log-level=*:notice --log-level=lib.eal:error"
#define REST NO_PCI IOVA NO_TELEMETRY SIMD LOG
#define MEMFD " --in-memory" AMOUNT ONE_FILE

static struct memory_plan plan_of(enum memory_kind kind)
{
	return (struct memory_plan){kind, 64 << 20};
}

static int build_with(char **app, const char *extra, enum memory_kind kind, enum log_level log,
	struct eal_args *args, struct cvio_error *err)
{
	struct memory_plan memory = plan_of(kind);
	struct eal_wishes wishes = {"0@3", &memory, log, extra, false};
	int argc = 0;

	while (app[argc] != NULL)
		argc++;
	return eal_args_build(argc, app, &wishes, args, err);
}

/* Each word with a blank before it; for the caller to free. */
static char *join(char *const *words, int count)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	for (int i = 0; i < count; i++)
		fprintf(f, " %s", words[i]);
	fclose(f);
	return text;
}

/* The vector lives as long as a process; here it ends with a test. Before it is permuted. */
static void args_free(struct eal_args *args)
{
	for (int i = 0; i < args->app_first; i++)
		free(args->argv[i]);
	free(args->argv);
}

static const struct {
	char *app[APP_MAX];
	const char *extra;
	enum memory_kind kind;
	const char *ours; /* and CVIO_EAL_ARGS */
} wins[] = {
	/* the plan */
	{{"app"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	{{"app", "--", "-p", "1"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	{{"app"}, NULL, MEMORY_MOUNT, LCORES " --huge-dir=/dev/hugepages" AMOUNT ONE_FILE REST},
	{{"app"}, NULL, MEMORY_SMALL, LCORES " --no-huge --no-shconf -m64" REST},
	/* lcores */
	{{"app", "-l", "1"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "-l1"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "-c", "3"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "-S", "1"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "--lcores", "0@1"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "--lcores=0@1"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "--lc=0@1"}, NULL, MEMORY_MEMFD, MEMFD REST},
	{{"app", "--", "--lcores=0@1"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	{{"app", "--", "-l", "1"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	{{"app", "--main-lcore=0"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	/* the amount of memory, its kind */
	{{"app", "-m", "128"}, NULL, MEMORY_MEMFD, LCORES " --in-memory" ONE_FILE REST},
	{{"app", "--socket-mem=9"}, NULL, MEMORY_SMALL, LCORES " --no-huge --no-shconf" REST},
	{{"app", "--socket-limit=9"}, NULL, MEMORY_MEMFD, LCORES " --in-memory" ONE_FILE REST},
	{{"app", "--in-memory"}, NULL, MEMORY_SMALL, LCORES AMOUNT ONE_FILE REST},
	{{"app", "--in-memory", "-m9"}, NULL, MEMORY_SMALL, LCORES ONE_FILE REST},
	{{"app", "--no-huge"}, NULL, MEMORY_MEMFD, LCORES " --no-shconf -m64" REST},
	{{"app", "--huge-dir", "/h"}, NULL, MEMORY_MEMFD, LCORES AMOUNT ONE_FILE REST},
	{{"app", "--legacy-mem"}, NULL, MEMORY_MEMFD, LCORES " -m64" REST},
	{{"app", "--", "--no-huge"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	/* single files exclude the unlinking of files, where there are files */
	{{"app", "--huge-unlink"}, NULL, MEMORY_MEMFD, LCORES MEMFD REST},
	{{"app", "--huge-unlink"}, NULL, MEMORY_MOUNT,
		LCORES " --huge-dir=/dev/hugepages" AMOUNT REST},
	{{"app", "--huge-unlink", "--in-memory"}, NULL, MEMORY_MOUNT, LCORES AMOUNT ONE_FILE REST},
	/* the rest, each for itself */
	{{"app", "-a", "0:1.0"}, NULL, MEMORY_MEMFD, LCORES MEMFD IOVA NO_TELEMETRY SIMD LOG},
	{{"app", "--allow=0:1.0"}, NULL, MEMORY_MEMFD, LCORES MEMFD IOVA NO_TELEMETRY SIMD LOG},
	{{"app", "--iova-mode=pa"}, NULL, MEMORY_MEMFD, LCORES MEMFD NO_PCI NO_TELEMETRY SIMD LOG},
	{{"app", "--telemetry"}, NULL, MEMORY_MEMFD, LCORES MEMFD NO_PCI IOVA SIMD LOG},
	{{"app", "--force-max-simd-bitwidth=256"}, NULL, MEMORY_MEMFD,
		LCORES MEMFD NO_PCI IOVA NO_TELEMETRY LOG},
	{{"app", "--log-level=8"}, NULL, MEMORY_MEMFD, LCORES MEMFD NO_PCI IOVA NO_TELEMETRY SIMD},
	/* CVIO_EAL_ARGS: likewise, and behind the runtime's own */
	{{"app"}, "", MEMORY_MEMFD, LCORES MEMFD REST},
	{{"app"}, "-l 0 --vdev='a b'", MEMORY_MEMFD, MEMFD REST " -l 0 --vdev=a b"},
	{{"app"}, "--no-huge", MEMORY_MEMFD, LCORES " --no-shconf -m64" REST " --no-huge"},
	{{"app", "--in-memory"}, "-m \"9\"", MEMORY_SMALL, LCORES ONE_FILE REST " -m 9"},
};

static void test_wins(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wins); i++) {
		char *app[APP_MAX];
		struct eal_args args;
		int argc = 0;
		char *ours;

		memcpy(app, wins[i].app, sizeof(app));
		while (app[argc] != NULL)
			argc++;
		assert_int_equal(
			build_with(app, wins[i].extra, wins[i].kind, LOG_LEVEL_NOTICE, &args, NULL),
			0);
		ours = join(args.argv + 1, args.app_first - 1);
		if (strcmp(ours, wins[i].ours) != 0)
			fail_msg("row %zu:\n got%s\nwant%s", i, ours, wins[i].ours);
		free(ours);
		assert_string_equal(args.argv[0], "app");
		assert_int_equal(args.argc, args.app_first + argc - 1);
		assert_null(args.argv[args.argc]);
		/* the very strings of the application */
		for (int n = 1; n < argc; n++)
			assert_ptr_equal(args.argv[args.app_first + n - 1], app[n]);
		args_free(&args);
	}
}

static void test_log_level(void **state)
{
	static const struct {
		enum log_level level;
		const char *words;
	} table[] = {
		{LOG_LEVEL_ERROR, " --log-level=*:error"},
		{LOG_LEVEL_WARNING, " --log-level=*:warning"},
		{LOG_LEVEL_NOTICE, " --log-level=*:notice --log-level=lib.eal:error"},
		{LOG_LEVEL_DEBUG, " --log-level=*:debug"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *app[] = {"app", NULL};
		struct eal_args args;
		char *ours;

		assert_int_equal(
			build_with(app, NULL, MEMORY_MEMFD, table[i].level, &args, NULL), 0);
		ours = join(args.argv, args.argc);
		assert_non_null(strstr(ours, " --log-level"));
		assert_string_equal(strstr(ours, " --log-level"), table[i].words);
		free(ours);
		args_free(&args);
	}
}

static void test_bad_extra(void **state)
{
	static const struct {
		const char *extra;
		const char *error;
	} table[] = {
		{"-l 'a", "CVIO_EAL_ARGS: -l 'a: a quote is not closed"},
		{"\"", "CVIO_EAL_ARGS: \": a quote is not closed"},
		{"-l 0 -- -p", "CVIO_EAL_ARGS: --: only EAL's own arguments belong there"},
	};
	char *app[] = {"app", NULL};
	char huge[2048];
	struct cvio_error err;
	struct eal_args args;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		err = (struct cvio_error){0};
		assert_int_equal(build_with(app, table[i].extra, MEMORY_MEMFD, LOG_LEVEL_NOTICE,
					 &args, &err),
			-EINVAL);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		assert_string_equal(err.text, table[i].error);
	}
	/* a long value doesn't push the reason out of the line */
	memset(huge, '\'', sizeof(huge));
	huge[sizeof(huge) - 2] = 'x';
	huge[sizeof(huge) - 1] = '\0';
	huge[0] = 'x';
	assert_int_equal(
		build_with(app, huge, MEMORY_MEMFD, LOG_LEVEL_NOTICE, &args, &err), -EINVAL);
	assert_non_null(strstr(err.text, "a quote is not closed"));
}

/* As EAL does it: getopt_long() moves what isn't an option behind the options; the last one's place
 * gets the name. */
static int eal_parse(int argc, char **argv)
{
	static const struct option options[] = {
		{"force-max-simd-bitwidth", 1, NULL, 1},
		{"huge-dir", 1, NULL, 1},
		{"in-memory", 0, NULL, 1},
		{"iova-mode", 1, NULL, 1},
		{"lcores", 1, NULL, 1},
		{"log-level", 1, NULL, 1},
		{"no-huge", 0, NULL, 1},
		{"no-pci", 0, NULL, 1},
		{"no-shconf", 0, NULL, 1},
		{"no-telemetry", 0, NULL, 1},
		{"single-file-segments", 0, NULL, 1},
		{"socket-limit", 1, NULL, 1},
		{"vdev", 1, NULL, 1},
		{NULL, 0, NULL, 0},
	};
	int opt;

	optind = 0; /* glibc: begin anew */
	while ((opt = getopt_long(argc, argv, "a:b:c:s:d:hl:S:m:n:r:v", options, NULL)) != -1)
		assert_int_not_equal(opt, '?');
	argv[optind - 1] = argv[0];
	return optind - 1;
}

static void test_return(void **state)
{
	static const struct {
		char *app[APP_MAX];
		const char *extra;
		int ret;
		const char *left; /* of the application's vector from ret on */
	} table[] = {
		{{"app"}, NULL, 0, " app"},
		{{"app", "--"}, NULL, 1, " app"},
		{{"app", "--", "-p", "1"}, NULL, 1, " app -p 1"},
		{{"app", "--", "-p", "1"}, "--vdev=x -n 4", 1, " app -p 1"},
		{{"app", "-n", "4", "--", "-p", "1"}, NULL, 3, " app -p 1"},
		{{"app", "-n4"}, NULL, 1, " app"},
		{{"app", "file"}, NULL, 0, " app file"},
		{{"app", "file", "-n", "4"}, NULL, 2, " app file"},
		{{"app", "-n", "4", "file", "--", "-p"}, NULL, 3, " app file -p"},
		{{"app", "file", "-n", "4", "--vdev=x", "--", "-p", "1"}, "-m9", 4,
			" app file -p 1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *app[APP_MAX + 1] = {0}, **built, *left;
		struct eal_args args, to_free;
		int argc = 0, ret;

		memcpy(app, table[i].app, sizeof(table[i].app));
		while (app[argc] != NULL)
			argc++;
		assert_int_equal(build_with(app, table[i].extra, MEMORY_MEMFD, LOG_LEVEL_NOTICE,
					 &args, NULL),
			0);
		built = calloc((size_t)args.argc, sizeof(*built));
		assert_non_null(built);
		memcpy(built, args.argv, (size_t)args.argc * sizeof(*built));
		to_free = args;
		to_free.argv = built;

		ret = eal_args_return(&args, eal_parse(args.argc, args.argv), argc, app);
		left = join(app + ret, argc - ret);
		if (ret != table[i].ret || strcmp(left, table[i].left) != 0)
			fail_msg("row %zu: got %d%s, want %d%s", i, ret, left, table[i].ret,
				table[i].left);
		assert_null(app[argc]);
		free(left);
		free(args.argv);
		args_free(&to_free);
	}
}

static void test_have(void **state)
{
	static const struct {
		char *app[APP_MAX];
		const char *name;
		bool have;
	} table[] = {
		{{"app", "-l", "0"}, "-l", true},
		{{"app", "-l0"}, "-l", true},
		{{"app", "--lcores", "0"}, "-l", false},
		{{"app", "--lcores", "0"}, "--lcores", true},
		{{"app", "--lcores=0"}, "--lcores", true},
		{{"app", "--lcor=0"}, "--lcores", true},
		{{"app", "--lcoresx"}, "--lcores", false},
		{{"app", "--", "-l", "0"}, "-l", false},
		{{"app", "--", "--lcores=0"}, "--lcores", false},
		{{"-l"}, "-l", false},
		{{"app", "--no-huge"}, "--huge-dir", false},
		{{"app", "--huge-unlink=never"}, "--huge-unlink", true},
		{{"app", "--huge-unlink=never"}, "--huge-dir", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int argc = 0;

		while (table[i].app[argc] != NULL)
			argc++;
		if (eal_args_have(argc, table[i].app, table[i].name) != table[i].have)
			fail_msg("row %zu: %s", i, table[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wins),
		cmocka_unit_test(test_log_level),
		cmocka_unit_test(test_bad_extra),
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_have),
	};

	return cmocka_run_group_tests_name("eal_args", tests, NULL, NULL);
}
