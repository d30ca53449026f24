/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of quadlet units: whole texts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "generate/quadlet.h"
#include "pmd/grammar/error.h"

static void test_unit(void **state)
{
	char *folders[] = {"/run/ovs", "/run/a b", "/run/$5", NULL},
	     *args[] = {"-p", "$1 %", ";", NULL};
	char *podman[] = {"--cpu-shares=9", NULL};
	const struct words mounts = {folders, 3, false}, app = {args, 3, false};
	char *link[] = {"/run/other", "/run/a b", NULL};
	const struct words podman_args = {podman, 1, false}, link_paths = {link, 2, false};
	const struct image_user owners[] = {{true, 1, 2}, {true, 65532, 65533}};
	struct link_folders links = {&link_paths, owners, false};
	const struct run_plan plan = {
		.image = "localhost/cvio/l2fwd",
		.name = "l2fwd",
		.run_id = "cvio-abcdef",
		.image_seccomp = true,
		.cpus = "1",
		.memory = "memfd,64M",
		.ports = "vhost-user:/run/ovs/p0.sock vhost-user:/run/ovs/p$1%n.sock,wait=5",
		.nofile = 1024,
		.nproc = 99,
		.folders = &mounts,
		.targets = &mounts,
		.podman_args = &podman_args,
		.app_args = &app,
	};
	struct cvio_error err = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(quadlet_write(&plan, &links, out, &err), 0);
	fclose(out);
	assert_string_equal(text,
		"[Unit]\n"
		"Description=l2fwd\n"
		"RequiresMountsFor=/run/ovs \"/run/a b\" /run/$5\n"
		"\n"
		"[Container]\n"
		"Image=localhost/cvio/l2fwd\n"
		"ContainerName=l2fwd\n"
		"PodmanArgs=--pull=never\n"
		"DropCapability=all\n"
		"NoNewPrivileges=true\n"
		"ReadOnly=true\n"
		"PodmanArgs=--read-only-tmpfs=false\n"
		"Network=none\n"
		"PodmanArgs=--seccomp-policy=image\n"
		"PodmanArgs=--ulimit=nofile=1024:1024\n"
		"PodmanArgs=--ulimit=nproc=99:99\n"
		"PodmanArgs=--cpuset-cpus=1\n"
		"Environment=\"CVIO_PORTS=vhost-user:/run/ovs/p0.sock "
		"vhost-user:/run/ovs/p$$1%%n.sock,wait=5\"\n"
		"Environment=CVIO_MEMORY=memfd,64M\n"
		"PodmanArgs=--mount=type=bind,source=/run/ovs,destination=/run/ovs\n"
		"PodmanArgs=\"--mount=type=bind,source=/run/a b,destination=/run/a b\"\n"
		"PodmanArgs=--mount=type=bind,source=/run/$$5,destination=/run/$$5\n"
		"PodmanArgs=--cpu-shares=9\n"
		"Exec=-p \"$$1 %%\" \";\"\n"
		"Notify=true\n"
		"\n"
		"[Service]\n"
		"Restart=on-failure\n"
		"TimeoutStartSec=95\n"
		"ExecStartPre=/usr/bin/install -d -m 755 -o 65532 -g 65533 \"/run/a b\"\n"
		"\n"
		"[Install]\n"
		"WantedBy=multi-user.target default.target\n");
	free(text);
}

/* In a user's own units, podman gives the folder to one of the user's subordinate uids. */
static void test_rootless(void **state)
{
	char *link[] = {"/run/user/1/l", NULL};
	const struct words none = {0}, paths = {link, 1, false};
	const struct image_user owner = {true, 65532, 65532};
	const struct link_folders links = {&paths, &owner, true};
	const struct run_plan plan = {.image = "i",
		.name = "n",
		.folders = &paths,
		.targets = &paths,
		.podman_args = &none,
		.app_args = &none};
	struct cvio_error err = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(quadlet_write(&plan, &links, out, &err), 0);
	fclose(out);
	assert_non_null(strstr(text, "\nExecStartPre=/usr/bin/podman unshare /usr/bin/install -d "
				     "-m 755 -o 65532 -g 65532 /run/user/1/l\n"));
	free(text);
}

static void test_quote(void **state)
{
	static const struct {
		const char *word, *quoted;
		bool command;
	} table[] = {
		{"a", "a", true},
		{"", "\"\"", true},
		{"a b", "\"a b\"", true},
		{"a\"b", "\"a\\\"b\"", true},
		{"it's", "\"it's\"", true},
		{"a\\", "\"a\\\\\"", true},
		{"a\nb", "\"a\\x0ab\"", true},
		{"100%", "100%%", true},
		{"$HOME", "$$HOME", true},
		{"$HOME", "$HOME", false},
		{"100%", "100%%", false},
		{"#", "#", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		quadlet_quote(out, table[i].word, table[i].command);
		fclose(out);
		assert_string_equal(text, table[i].quoted);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_rootless),
		cmocka_unit_test(test_quote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
