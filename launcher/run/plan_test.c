/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests of the translation of a plan to podman's command line: whole command lines, word by word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "run/plan.h"

static const struct words none;

static void assert_argv(const struct run_plan *plan, const char *const *wanted)
{
	struct words argv = {0};

	assert_int_equal(plan_argv(plan, &argv), 0);
	for (size_t i = 0; i < argv.count; i++) {
		assert_non_null(wanted[i]);
		assert_string_equal(argv.list[i], wanted[i]);
	}
	assert_null(wanted[argv.count]);
	words_fini(&argv);
}

/* Whatever the plan, the walls stand. */
static void test_least(void **state)
{
	const struct run_plan plan = {.image = "i",
		.name = "n",
		.run_id = "r",
		.nofile = 1024,
		.nproc = 99,
		.folders = &none,
		.targets = &none,
		.podman_args = &none,
		.app_args = &none};
	static const char *const wanted[] = {"podman", "run", "--rm", "--name=n",
		"--label=io.cvio.run=r", "--pull=never", "--cap-drop=all",
		"--security-opt=no-new-privileges", "--read-only", "--read-only-tmpfs=false",
		"--network=none", "--ulimit=nofile=1024:1024", "--ulimit=nproc=99:99", "i", NULL};

	(void)state;
	assert_argv(&plan, wanted);
}

/* podman gives the application a terminal of its own and joins the two. */
static void test_tty(void **state)
{
	const struct run_plan plan = {.image = "i",
		.name = "n",
		.run_id = "r",
		.tty = true,
		.folders = &none,
		.targets = &none,
		.podman_args = &none,
		.app_args = &none};
	struct words argv = {0};

	(void)state;
	assert_int_equal(plan_argv(&plan, &argv), 0);
	assert_string_equal(argv.list[2], "--rm");
	assert_string_equal(argv.list[3], "--interactive");
	assert_string_equal(argv.list[4], "--tty");
	assert_string_equal(argv.list[5], "--name=n");
	words_fini(&argv);
}

static struct run_plan plan_full(
	struct words *mounts, struct words *podman_args, struct words *app_args)
{
	words_add(&mounts[0], "/run/ovs");
	words_add(&mounts[1], "/run/ovs");
	words_add(&mounts[0], "/run/x:y z");
	words_add(&mounts[1], "/run/cvio/1");
	words_add(podman_args, "-e");
	words_add(podman_args, "A=b c");
	words_add(app_args, "-q");
	words_add(app_args, "it's");
	return (struct run_plan){.image = "localhost/i",
		.name = "n",
		.run_id = "r",
		.detach = true,
		.image_seccomp = true,
		.hugepages_dir = "/run/cvio/x/hugepages",
		.runtime_dir = "/run/cvio/x/telemetry",
		.mems = "1",
		.cpus = "0-1",
		.lcores = "0@0,1@1",
		.memory = "mount,64M",
		.ports = "vhost-user:/run/ovs/a vhost-user:/run/cvio/1/b",
		.notify_dir = "/run/cvio/x/notify",
		.pid_file = "/run/cvio/x/pid",
		.nofile = 8,
		.nproc = 9,
		.folders = &mounts[0],
		.targets = &mounts[1],
		.podman_args = podman_args,
		.app_args = app_args};
}

static void test_full(void **state)
{
	struct words mounts[2] = {{0}}, podman_args = {0}, app_args = {0};
	struct run_plan plan = plan_full(mounts, &podman_args, &app_args);
	static const char *const wanted[] = {"podman", "run", "--detach", "--name=n",
		"--label=io.cvio.run=r", "--pidfile=/run/cvio/x/pid", "--pull=never",
		"--cap-drop=all", "--security-opt=no-new-privileges", "--read-only",
		"--read-only-tmpfs=false", "--network=none", "--seccomp-policy=image",
		"--ulimit=nofile=8:8", "--ulimit=nproc=9:9", "--cpuset-cpus=0-1", "--cpuset-mems=1",
		"--env=CVIO_LCORES=0@0,1@1",
		"--env=CVIO_PORTS=vhost-user:/run/ovs/a vhost-user:/run/cvio/1/b",
		"--env=CVIO_MEMORY=mount,64M",
		"--mount=type=bind,source=/run/ovs,destination=/run/ovs",
		"--mount=type=bind,source=/run/x:y z,destination=/run/cvio/1",
		"--mount=type=bind,source=/run/cvio/x/hugepages,destination=/dev/hugepages",
		"--mount=type=bind,source=/run/cvio/x/telemetry,destination=/run/cvio/telemetry",
		"--env=RUNTIME_DIRECTORY=/run/cvio/telemetry",
		"--mount=type=bind,source=/run/cvio/x/notify,destination=/run/cvio/notify",
		"--env=NOTIFY_SOCKET=/run/cvio/notify/ready.sock", "-e", "A=b c", "localhost/i",
		"-q", "it's", NULL};

	(void)state;
	assert_argv(&plan, wanted);
	words_fini(&mounts[0]);
	words_fini(&mounts[1]);
	words_fini(&podman_args);
	words_fini(&app_args);
}

/* What is printed reads back as the same words. */
static void test_print(void **state)
{
	struct words mounts[2] = {{0}}, podman_args = {0}, app_args = {0}, argv = {0}, again = {0};
	struct run_plan plan = plan_full(mounts, &podman_args, &app_args);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(plan_print(&plan, out), 0);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "podman run \\\n\t--detach \\\n\t--name=n \\\n"));
	assert_non_null(strstr(text, " \\\n\t-e 'A=b c' \\\n\tlocalhost/i -q 'it'\\''s'\n"));
	assert_int_equal(plan_argv(&plan, &argv), 0);
	assert_int_equal(shell_split(text, &again), 0);
	assert_int_equal(again.count, argv.count);
	for (size_t i = 0; i < argv.count; i++)
		assert_string_equal(again.list[i], argv.list[i]);
	free(text);
	words_fini(&mounts[0]);
	words_fini(&mounts[1]);
	words_fini(&podman_args);
	words_fini(&app_args);
	words_fini(&argv);
	words_fini(&again);
}

static void test_outside(void **state)
{
	static const struct {
		const char *text, *outside;
	} table[] = {
		{"", ""},
		{"no path", "no path"},
		{"port 0: /run/ovs/a: refused", "port 0: /run/ovs/a: refused"},
		{"port 1: /run/cvio/1/b: refused; run it", "port 1: /run/x:y z/b: refused; run it"},
		{"/run/cvio/1/b", "/run/x:y z/b"},
		{"/run/cvio/0/a", "/run/cvio/0/a"},
		{"/run/cvio/10/b", "/run/cvio/10/b"},
		{"/run/cvio/1", "/run/cvio/1"},
		{"/run/cvio/notify/ready.sock", "/run/cvio/notify/ready.sock"},
	};
	struct words mounts[2] = {{0}}, podman_args = {0}, app_args = {0};
	struct run_plan plan = plan_full(mounts, &podman_args, &app_args);
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		plan_outside(&plan, table[i].text, text, sizeof(text));
		assert_string_equal(text, table[i].outside);
	}
	words_fini(&mounts[0]);
	words_fini(&mounts[1]);
	words_fini(&podman_args);
	words_fini(&app_args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_tty),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
