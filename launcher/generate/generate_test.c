/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests of the forms of `cvio generate` that aren't tested in a file of their own: from one plan,
 * the files that each makes, and what of the plan must be in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "generate/generate.h"
#include "generate/generate_output.h"
#include "pmd/grammar/error.h"

#define WORDS(...) \
	(char *[]){__VA_ARGS__, NULL}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), false

static const char config[] = "{\"Entrypoint\": [\"/app\", \"--\"], \"Cmd\": [\"-p\", \"1\"],"
			     " \"Env\": [\"PATH=/bin\", \"CVIO_MEMORY=auto,32M\"]}";
static const char profile[] =
	"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38,"
	" \"syscalls\": [{\"names\": [\"read\", \"write\"], \"action\": \"SCMP_ACT_ALLOW\"},"
	" {\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1},"
	" {\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\"}]}";

static const struct words none, folders = {WORDS("/run/a b")}, targets = {WORDS("/run/cvio/0")},
				groups = {WORDS("54321")};
static const struct words link = {WORDS("/run/a link")};
static const struct image_user owner = {.known = true, .uid = 65532, .gid = 65533};
static const struct link_folders links = {&link, &owner, false};
static const struct memory_spec mount_64m = {.kind = MEMORY_MOUNT, .size = 64ULL << 20};

/* A container with all that a plan can have, and one with the least. */
static void make_runs(struct run runs[2], json_t *json)
{
	const struct run_plan plan = {
		.image = "localhost/app",
		.name = "n",
		.nofile = 1024,
		.nproc = 99,
		.folders = &none,
		.targets = &none,
		.podman_args = &none,
		.app_args = &none,
	};

	memset(runs, 0, 2 * sizeof(*runs));
	for (size_t i = 0; i < 2; i++) {
		runs[i].options.image = "localhost/app";
		runs[i].user = (struct image_user){.known = true, .uid = 65532, .gid = 65533};
		runs[i].image.config = json;
		runs[i].plan = plan;
	}
	runs[0].image.seccomp = profile;
	runs[0].hugetlbfs = &mount_64m;
	runs[0].plan.cpus = "2-3";
	runs[0].plan.mems = "1";
	runs[0].plan.memory = "mount,64M";
	runs[0].plan.ports = "vhost-user:/run/cvio/0/p.sock";
	runs[0].plan.folders = &folders;
	runs[0].plan.targets = &targets;
	runs[0].plan.groups = &groups;
}

/* All files of a form, each after its name. */
static char *make_text(
	int (*make)(struct generate *g, struct cvio_error *err), const struct run *run)
{
	_generate_cleanup_ struct generate g = {
		.runs = run, .count = 1, .name = "n", .links = &links, .output = "/out"};
	struct cvio_error err;
	char *text = NULL;
	size_t size;
	FILE *out;

	assert_int_equal(make(&g, &err), 0);
	out = open_memstream(&text, &size);
	assert_non_null(out);
	for (size_t i = 0; i < g.file_count; i++)
		fprintf(out, "==%s\n%s\n", g.files[i].name, g.files[i].text);
	fclose(out);
	return text;
}

static void check(int (*make)(struct generate *g, struct cvio_error *err), const struct run *run,
	const char *const *parts)
{
	char *text = make_text(make, run);

	for (; *parts != NULL; parts++)
		if (strstr(text, *parts) == NULL)
			fail_msg("%s isn't in %s", *parts, text);
	free(text);
}

static void test_forms(void **state)
{
	static const struct {
		int (*make)(struct generate *g, struct cvio_error *err);
		const char *most[16], *least[16];
	} table[] = {
		{generate_podman,
			{"==run.sh\n#!/bin/sh\n", "mount -t hugetlbfs -o pagesize=2M,size=67108864",
				"exec podman run", "--cpuset-cpus=2-3", "--cpuset-mems=1",
				"--group-add=54321", "source=/run/a b,destination=/run/cvio/0",
				"source=/run/cvio/n-hugepages,destination=/dev/hugepages",
				"--tmpfs=/run/cvio/telemetry:mode=1777", NULL},
			{"--cap-drop=all", "--read-only-tmpfs=false", "--network=none",
				"\ninstall -d -m 755 -o 65532 -g 65533 '/run/a link'\n", NULL}},
		{generate_docker,
			{"podman save --format docker-archive localhost/app | docker load",
				"exec docker run", "--security-opt=seccomp=n.seccomp.json",
				"==n.seccomp.json\n{\"defaultAction\"", NULL},
			{"--cap-drop=all", "--security-opt=no-new-privileges", "--read-only",
				NULL}},
		{generate_oci,
			{"==config.json\n", "\"uid\": 65532", "\"gid\": 65533", "54321",
				"\"CVIO_MEMORY=mount,64M\"", "\"PATH=/bin\"", "\"cpus\": \"2-3\"",
				"\"mems\": \"1\"", "\"type\": \"hugetlbfs\"", "\"size=67108864\"",
				"\"source\": \"/run/a b\"", "\"defaultAction\": \"SCMP_ACT_ERRNO\"",
				NULL},
			{"\"bounding\": []", "\"noNewPrivileges\": true", "\"readonly\": true",
				"\"/app\"", "\"-p\"", "\"CVIO_MEMORY=auto,32M\"", NULL}},
		{generate_lxc,
			{"==config\n", "lxc.init.uid = 65532\nlxc.init.gid = 65533\n",
				"lxc.init.groups = 54321\n",
				"lxc.environment = CVIO_MEMORY=mount,64M\n",
				"dev/hugepages hugetlbfs create=dir,pagesize=2M,size=67108864",
				"lxc.mount.entry = /run/a\\040b run/cvio/0 none bind",
				"lxc.cgroup2.cpuset.cpus = 2-3\n", "lxc.cgroup.cpuset.mems = 1\n",
				"lxc.seccomp.profile = /out/seccomp\n",
				"==seccomp\n2\nallowlist errno 38\n[all]\nread\nwrite\nptrace "
				"errno 1\n"
				"bpf errno 1\nsetgroups\n",
				NULL},
			{"lxc.rootfs.path = dir:/out/rootfs\n", "lxc.rootfs.options = ro\n",
				"lxc.init.cmd = /app -- -p 1\n", "lxc.cap.keep = none\n",
				"lxc.no_new_privs = 1\n", "lxc.net.0.type = empty\n", NULL}},
	};
	json_t *json = json_loads(config, 0, NULL);
	struct run runs[2];

	(void)state;
	make_runs(runs, json);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		check(table[i].make, &runs[0], table[i].most);
		check(table[i].make, &runs[1], table[i].least);
	}
	json_decref(json);
}

/* A value of the run's takes the place of the image's, which isn't there a second time. */
static void test_env(void **state)
{
	json_t *json = json_loads(config, 0, NULL);
	struct run runs[2];
	struct words env = {0};

	(void)state;
	make_runs(runs, json);
	generate_env(&runs[0], &env);
	assert_int_equal(env.count, 4);
	assert_string_equal(env.list[0], "PATH=/bin");
	assert_string_equal(env.list[1], "CVIO_MEMORY=mount,64M");
	assert_string_equal(env.list[2], "CVIO_PORTS=vhost-user:/run/cvio/0/p.sock");
	assert_string_equal(env.list[3], "RUNTIME_DIRECTORY=/run/cvio/telemetry");
	words_fini(&env);
	json_decref(json);
}

/* What an image can't smuggle into a line of its own, and what is harmless. */
static void test_controls(void **state)
{
	static const struct {
		const char *config, *error; /* NULL: none */
	} table[] = {
		{config, NULL},
		{"{}", NULL},
		{"{\"Env\": null, \"User\": \"\"}", NULL},
		{"{\"Env\": [\"A=b c\\u00e4=\\u20ac\"]}", NULL},
		{"{\"Env\": [\"A=1\", \"B=b\\nlxc.hook.pre-start = /x\"]}",
			"generate: localhost/app: ENV \"B=b\\x0alxc.hook.pre-start = /x\": has a"},
		{"{\"Env\": [\"A\\n=b\"]}", "ENV \"A\\x0a=b\""},
		{"{\"Env\": [\"A=\\u007f\"]}", "ENV \"A=\\x7f\""},
		{"{\"Env\": [\"A=\\u0085\"]}", "ENV \"A=\\xc2\\x85\""},
		{"{\"Env\": [\"A=\\t\"]}", "ENV \"A=\\x09\""},
		{"{\"Entrypoint\": [\"/app\", \"\\r\"]}", "ENTRYPOINT \"\\x0d\""},
		{"{\"Cmd\": [\"\\u001b[2J\"]}", "CMD \"\\x1b[2J\""},
		{"{\"User\": \"1\\n\"}", "USER \"1\\x0a\""},
		{"{\"WorkingDir\": \"/\\n\"}", "WORKDIR \"/\\x0a\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		json_t *json = json_loads(table[i].config, 0, NULL);
		struct cvio_error err = {.text = ""};
		struct run runs[2];
		int r;

		make_runs(runs, json);
		r = generate_check_image(&runs[0], &err);
		if ((r < 0) != (table[i].error != NULL) ||
			(r < 0 && strstr(err.text, table[i].error) == NULL))
			fail_msg("%s: %d, %s", table[i].config, r, err.text);
		json_decref(json);
	}
}

static void test_controls_elsewhere(void **state)
{
	struct words arguments = {WORDS("-p", "1\n2")};
	json_t *json = json_loads(config, 0, NULL);
	struct cvio_error err;
	struct run runs[2];

	(void)state;
	make_runs(runs, json);
	runs[1].options.app_args = arguments;
	assert_int_equal(generate_check_image(&runs[1], &err), -EINVAL);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	assert_non_null(strstr(err.text, "argument \"1\\x0a2\""));
	runs[0].image.seccomp = "{\"syscalls\": [{\"names\": [\"read\", \"a\\n[x86]\"]}]}";
	assert_int_equal(generate_check_image(&runs[0], &err), -EINVAL);
	assert_non_null(strstr(err.text, "system call \"a\\x0a[x86]\""));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_env),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_controls_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
