/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the removal of a container's folder: all of it, and nothing that a link in it names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state_tree.h"

static char top[] = "/tmp/state_test.XXXXXX";

static const char *in_top(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", top, name);
	return path;
}

static void put_file(const char *name)
{
	FILE *f = fopen(in_top(name), "w");

	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
}

static int top_up(void **state)
{
	(void)state;
	return mkdtemp(top) == NULL ? -1 : 0;
}

static int top_down(void **state)
{
	(void)state;
	return rmdir(top);
}

static void test_remove(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_top("other"), 0700), 0);
	put_file("other/kept");
	assert_int_equal(mkdir(in_top("cvio-a"), 0700), 0);
	assert_int_equal(mkdir(in_top("cvio-a/telemetry"), 0700), 0);
	assert_int_equal(mkdir(in_top("cvio-a/telemetry/deep"), 0700), 0);
	put_file("cvio-a/container.json");
	put_file("cvio-a/telemetry/deep/file");
	assert_int_equal(symlink(in_top("other"), in_top("cvio-a/telemetry/link")), 0);
	assert_true(state_tree_is(in_top("cvio-a")));
	assert_int_equal(state_tree_remove(in_top("cvio-a")), 0);
	assert_int_equal(access(in_top("cvio-a"), F_OK), -1);
	assert_int_equal(access(in_top("other/kept"), F_OK), 0);
	/* gone already */
	assert_int_equal(state_tree_remove(in_top("cvio-a")), 0);
	/* nor is a link itself followed */
	assert_int_equal(symlink(in_top("other"), in_top("cvio-b")), 0);
	assert_true(state_tree_remove(in_top("cvio-b")) < 0);
	assert_int_equal(access(in_top("other/kept"), F_OK), 0);
	unlink(in_top("cvio-b"));
	unlink(in_top("other/kept"));
	rmdir(in_top("other"));
}

static void test_is(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_top("cvio-c"), 0700), 0);
	assert_false(state_tree_is(in_top("cvio-c"))); /* not described */
	put_file("cvio-c/container.json");
	assert_true(state_tree_is(in_top("cvio-c")));
	assert_false(state_tree_is("cvio-c"));
	assert_int_equal(rename(in_top("cvio-c"), in_top("other")), 0);
	assert_false(state_tree_is(in_top("other"))); /* not our name */
	assert_int_equal(state_tree_remove(in_top("other")), 0);
	assert_true(state_tree_holds(in_top("pid")));
	assert_false(state_tree_holds(in_top("other/pid")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_is),
	};

	return cmocka_run_group_tests(tests, top_up, top_down);
}
