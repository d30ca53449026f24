/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of where a cgroup is found: hosts with version 1, 2 and both, and inside of containers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "host/cgroup.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define V1(name, root)                             \
	"35 31 0:32 " root " /sys/fs/cgroup/" name \
	" rw,relatime shared:9 - cgroup cgroup rw," name "\n"
#define V2(root, at) "41 31 0:38 " root " " at " rw,relatime shared:4 - cgroup2 cgroup2 rw\n"
#define TMPFS "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"

static void test_find(void **state)
{
	static const struct {
		const char *cgroups, *mounts;
		int result, version;
		const char *folder;
	} table[] = {
		/* version 1 */
		{"3:cpuset:/\n2:hugetlb:/a/b\n", TMPFS V1("cpuset", "/") V1("hugetlb", "/"), 0, 1,
			"/sys/fs/cgroup/hugetlb/a/b"},
		/* two controllers in a hierarchy */
		{"2:cpu,hugetlb:/a\n", V1("cpu", "/") V1("cpu,hugetlb", "/"), 0, 1,
			"/sys/fs/cgroup/cpu,hugetlb/a"},
		/* version 2 */
		{"0::/user.slice/x\n", V2("/", "/sys/fs/cgroup"), 0, 2,
			"/sys/fs/cgroup/user.slice/x"},
		{"0::/\n", V2("/", "/sys/fs/cgroup"), 0, 2, "/sys/fs/cgroup"},
		/* hybrid: the controller is in one of the two */
		{"2:hugetlb:/a\n0::/b\n",
			TMPFS V1("hugetlb", "/") V2("/", "/sys/fs/cgroup/unified"), 0, 1,
			"/sys/fs/cgroup/hugetlb/a"},
		{"3:cpuset:/a\n1:name=systemd:/c\n0::/b\n",
			TMPFS V1("cpuset", "/") V2("/", "/sys/fs/cgroup/unified"), 0, 2,
			"/sys/fs/cgroup/unified/b"},
		/* a container: its mount shows a part */
		{"2:hugetlb:/docker/1/a\n", V1("hugetlb", "/docker/1"), 0, 1,
			"/sys/fs/cgroup/hugetlb/a"},
		{"2:hugetlb:/docker/1\n", V1("hugetlb", "/docker/1"), 0, 1,
			"/sys/fs/cgroup/hugetlb"},
		{"2:hugetlb:/docker/12\n", V1("hugetlb", "/docker/1"), 0, 1,
			"/sys/fs/cgroup/hugetlb"},
		{"0::/../../x\n", V2("/", "/sys/fs/cgroup"), 0, 2, "/sys/fs/cgroup"},
		/* a path with a space, a colon and a backslash */
		{"0::/a:b\n", V2("/", "/my\\040cg\\134x"), 0, 2, "/my cg\\x/a:b"},
		/* none */
		{"", V2("/", "/sys/fs/cgroup"), -ENOENT, 0, NULL},
		{"0::/\n", "", -ENOENT, 0, NULL},
		{"3:cpuset:/\n", V1("cpuset", "/"), -ENOENT, 0, NULL},
		{"2:hugetlbx:/a\n", V1("hugetlbx", "/"), -ENOENT, 0, NULL},
		{"2:hugetlb:/a\n", V1("hugetlbx", "/"), -ENOENT, 0, NULL},
		{"2:hugetlb\n:\n::\n", V1("hugetlb", "/"), -ENOENT, 0, NULL},
	};
	struct cgroup cgroup;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int r = cgroup_find(table[i].cgroups, table[i].mounts, "hugetlb", &cgroup);

		if (r != table[i].result || (r == 0 && cgroup.version != table[i].version) ||
			(r == 0 && strcmp(cgroup.folder, table[i].folder) != 0))
			fail_msg("row %zu: %d, version %d, %s", i, r, cgroup.version,
				r == 0 ? cgroup.folder : "");
	}
}

static void test_parent(void **state)
{
	struct cgroup cgroup;

	(void)state;
	assert_int_equal(
		cgroup_find("0::/a/b\n", V2("/", "/sys/fs/cgroup"), "hugetlb", &cgroup), 0);
	assert_true(cgroup_parent(&cgroup));
	assert_string_equal(cgroup.folder, "/sys/fs/cgroup/a");
	assert_true(cgroup_parent(&cgroup));
	assert_string_equal(cgroup.folder, "/sys/fs/cgroup");
	assert_false(cgroup_parent(&cgroup));
	assert_string_equal(cgroup.folder, "/sys/fs/cgroup");
}

static void test_too_long(void **state)
{
	char cgroups[PATH_MAX + 16], mounts[PATH_MAX + 64];
	struct cgroup cgroup;

	(void)state;
	memset(cgroups, 'a', sizeof(cgroups));
	memcpy(cgroups, "0::/", 4);
	cgroups[sizeof(cgroups) - 1] = '\0';
	assert_int_equal(
		cgroup_find(cgroups, V2("/", "/sys/fs/cgroup"), "hugetlb", &cgroup), -ENAMETOOLONG);
	strcpy(mounts, "1 1 1:1 / /");
	memset(mounts + strlen(mounts), 'b', PATH_MAX);
	strcpy(mounts + 11 + PATH_MAX, " rw - cgroup2 x rw\n");
	assert_int_equal(cgroup_find("0::/\n", mounts, "hugetlb", &cgroup), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_parent),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
