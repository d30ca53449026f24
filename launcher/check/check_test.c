/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests of the checks: each is asked about hosts in states that this machine isn't in. A host is a
 * folder with the files of the kernel that matter, and a few values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/exit.h"
#include "base/tree.h"
#include "check/check.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define FILES 32
#define OK CHECK_OK
#define WARNING CHECK_WARNING
#define FAILURE CHECK_FAILURE

/* A list of files, each PATH and TEXT */
#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"
#define RESERVED(n) POOL "resv_hugepages", n "\n"
#define NODE(n, total, free)                                                                      \
	"/sys/devices/system/node/node" n "/hugepages/hugepages-2048kB/nr_hugepages", total "\n", \
		"/sys/devices/system/node/node" n "/hugepages/hugepages-2048kB/free_hugepages",   \
		free "\n"
#define ONLINE(list) "/sys/devices/system/node/online", list "\n"
#define CPUS_OF(n, list) "/sys/devices/system/node/node" n "/cpulist", list "\n"
#define STATUS(cpus, mems)                                                      \
	"/proc/self/status", "Name:\tx\nSeccomp:\t0\nCpus_allowed_list:\t" cpus \
			     "\nMems_allowed_list:\t" mems "\n"
#define CGROUP_2(path)                                                \
	"/proc/self/cgroup", "0::" path "\n", "/proc/self/mountinfo", \
		"41 31 0:38 / /cg rw - cgroup2 cgroup2 rw\n"
#define CGROUP_1(controller, path)                                                        \
	"/proc/self/cgroup", "2:" controller ":" path "\n0::/\n", "/proc/self/mountinfo", \
		"41 31 0:38 / /cg rw - cgroup cgroup rw," controller "\n"
#define ONE_NODE ONLINE("0"), CPUS_OF("0", "0-3"), STATUS("0-3", "0"), RESERVED("0")
#define TWO_NODES ONLINE("0-1"), CPUS_OF("0", "0-3"), CPUS_OF("1", "4-7"), RESERVED("0")

struct state {
	const char *files[FILES];
	check_function *check;
	/* the line that is wanted; a name of NULL: none */
	const char *name;
	enum check_result result;
	const char *value, *remedy; /* parts of it; a remedy of NULL: none */
	struct check_host host;
};

static const struct state memory[] = {
	{{ONE_NODE, NODE("0", "64", "40")}, check_hugepages, "hugepages-2M", OK,
		"node 0: 40 of 64 free", NULL, {0}},
	{{ONE_NODE, NODE("0", "64", "31")}, check_hugepages, "hugepages-2M", WARNING,
		"node 0: 31 of 64 free; an image takes 32",
		"echo 65 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", {0}},
	{{ONE_NODE, NODE("0", "0", "0")}, check_hugepages, "hugepages-2M", WARNING, "0 of 0 free",
		"echo 32 >", {0}},
	{{ONE_NODE, NODE("0", "0", "0")}, check_hugepages, "hugepages-2M", WARNING, "0 of 0 free",
		"as root: echo 32 >", {.uid = 1000}},
	/* what others have reserved isn't free for us */
	{{ONLINE("0"), STATUS("0", "0"), RESERVED("10"), NODE("0", "64", "40")}, check_hugepages,
		"hugepages-2M", WARNING, "40 of 64 free, 10 of the free reserved", "echo 66 >",
		{0}},
	/* a kernel without NUMA */
	{{STATUS("0", "0"), RESERVED("0"), POOL "nr_hugepages", "50\n", POOL "free_hugepages",
		 "40\n"},
		check_hugepages, "hugepages-2M", OK, "node 0: 40 of 50 free", NULL, {0}},
	/* pages on both nodes, on the wrong one, on one without our CPUs */
	{{TWO_NODES, STATUS("0-7", "0-1"), NODE("0", "16", "16"), NODE("1", "16", "16")},
		check_hugepages, "hugepages-2M", OK, "node 0: 16 of 16 free, node 1: 16 of 16 free",
		NULL, {0}},
	{{TWO_NODES, STATUS("0-7", "0"), NODE("0", "0", "0"), NODE("1", "64", "64")},
		check_hugepages, "hugepages-2M", WARNING,
		"node 1: 64 of 64 free (not in cpuset.mems)",
		"echo 32 >/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages",
		{0}},
	{{TWO_NODES, STATUS("4-7", "0-1"), NODE("0", "64", "64"), NODE("1", "8", "8")},
		check_hugepages, "hugepages-2M", WARNING,
		"node 0: 64 of 64 free (far from the CPUs), node 1: 8 of 8 free;",
		"echo 32 >/sys/devices/system/node/node1/", {0}},
	/* the cpuset of a cgroup, version 2 and 1 */
	{{TWO_NODES, CGROUP_2("/a"), "/cg/a/cpuset.mems.effective", "1\n", STATUS("0-7", "0-1"),
		 NODE("0", "64", "64"), NODE("1", "0", "0")},
		check_hugepages, "hugepages-2M", WARNING, "node 0: 64 of 64 free (not in cpuset",
		"node1", {0}},
	{{TWO_NODES, CGROUP_1("cpuset", "/a"), "/cg/a/cpuset.effective_mems", "1\n",
		 STATUS("0-7", "0-1"), NODE("0", "64", "64"), NODE("1", "0", "0")},
		check_hugepages, "hugepages-2M", WARNING, "node 0: 64 of 64 free (not in cpuset",
		"node1", {0}},
	/* version 2, without the controller here: the parent's counts */
	{{TWO_NODES, CGROUP_2("/a/b"), "/cg/a/cpuset.mems.effective", "1\n", STATUS("0-7", "0-1"),
		 NODE("0", "64", "64"), NODE("1", "0", "0")},
		check_hugepages, "hugepages-2M", WARNING, "node 0: 64 of 64 free (not in cpuset",
		"node1", {0}},
	{{STATUS("0", "0")}, check_hugepages, "hugepages-2M", WARNING, "this kernel has no",
		"CONFIG_HUGETLBFS", {0}},
	{{ONE_NODE, NODE("0", "64", "64"),
		 "/sys/kernel/mm/hugepages/hugepages-1048576kB/resv_hugepages", "0\n"},
		check_hugepages, "hugepages-1G", OK, "node 0: 0 of 0 free", NULL, {0}},
};

static const struct state cgroups[] = {
	{{CGROUP_2("/a")}, check_hugetlb_cgroup, "hugetlb-cgroup", OK, "no limit", NULL, {0}},
	{{STATUS("0", "0")}, check_hugetlb_cgroup, "hugetlb-cgroup", OK, "no limit", NULL, {0}},
	{{CGROUP_2("/a"), "/cg/a/hugetlb.2MB.max", "max\n", "/cg/a/hugetlb.2MB.current", "0\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", OK, "no limit", NULL, {0}},
	{{CGROUP_2("/a"), "/cg/a/hugetlb.2MB.max", "0\n", "/cg/a/hugetlb.2MB.current", "0\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", WARNING, "limit of 0 MiB, 0 MiB of it left",
		"echo 67108864 >/cg/a/hugetlb.2MB.max", {0}},
	{{CGROUP_2("/a"), "/cg/a/hugetlb.2MB.max", "134217728\n", "/cg/a/hugetlb.2MB.current",
		 "67108864\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", OK, "limit of 128 MiB, 64 MiB of it left",
		NULL, {0}},
	{{CGROUP_2("/a"), "/cg/a/hugetlb.2MB.max", "134217728\n", "/cg/a/hugetlb.2MB.current",
		 "69206016\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", WARNING,
		"limit of 128 MiB, 62 MiB of it left", "echo 136314880 >/cg/a/hugetlb.2MB.max",
		{0}},
	/* the parent's is the tighter one */
	{{CGROUP_2("/a/b"), "/cg/a/b/hugetlb.2MB.max", "134217728\n", "/cg/a/b/hugetlb.2MB.current",
		 "0\n", "/cg/a/hugetlb.2MB.max", "2097152\n", "/cg/a/hugetlb.2MB.current", "0\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", WARNING, "limit of 2 MiB, 2 MiB",
		">/cg/a/hugetlb.2MB.max", {0}},
	{{CGROUP_2("/a"), "/cg/a/hugetlb.2MB.max", "max\n", "/cg/a/hugetlb.2MB.current", "0\n",
		 "/cg/a/hugetlb.2MB.rsvd.max", "4194304\n", "/cg/a/hugetlb.2MB.rsvd.current",
		 "4194304\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", WARNING,
		"limit on reservations (rsvd) of 4 MiB, 0 MiB", ">/cg/a/hugetlb.2MB.rsvd.max", {0}},
	{{CGROUP_1("hugetlb", "/a"), "/cg/a/hugetlb.2MB.limit_in_bytes", "9223372036852678656\n",
		 "/cg/a/hugetlb.2MB.usage_in_bytes", "0\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", OK, "no limit", NULL, {0}},
	{{CGROUP_1("hugetlb", "/a"), "/cg/a/hugetlb.2MB.limit_in_bytes", "0\n",
		 "/cg/a/hugetlb.2MB.usage_in_bytes", "0\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", WARNING, "limit of 0 MiB",
		"as root: echo 67108864 >/cg/a/hugetlb.2MB.limit_in_bytes", {.uid = 1}},
	{{CGROUP_1("hugetlb", "/"), "/cg/hugetlb.2MB.rsvd.limit_in_bytes", "0\n",
		 "/cg/hugetlb.2MB.rsvd.usage_in_bytes", "0\n"},
		check_hugetlb_cgroup, "hugetlb-cgroup", WARNING, "(rsvd)",
		">/cg/hugetlb.2MB.rsvd.limit_in_bytes", {0}},
};

static int page_taken(void)
{
	return 0;
}

static int page_denied(void)
{
	return -ENOMEM;
}

static int page_unknown(void)
{
	return -EINVAL;
}

static const struct state probes[] = {
	{{NULL}, check_hugepage_probe, "hugepage-probe", OK, "got a page", NULL,
		{.take_page = page_taken}},
	{{POOL "nr_hugepages", "10\n", POOL "free_hugepages", "0\n"}, check_hugepage_probe,
		"hugepage-probe", WARNING, "no page of 2 MiB: Cannot",
		"echo 42 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
		{.take_page = page_denied}},
	{{POOL "nr_hugepages", "10\n", POOL "free_hugepages", "5\n"}, check_hugepage_probe,
		"hugepage-probe", WARNING, "no page of 2 MiB: Cannot",
		"5 are free, but not for this process: mend what", {.take_page = page_denied}},
	{{NULL}, check_hugepage_probe, "hugepage-probe", WARNING, "no page of 2 MiB: Invalid",
		"CONFIG_HUGETLBFS", {.take_page = page_unknown}},
};

#define CPU "/sys/devices/system/cpu/"

static const struct state cpus[] = {
	{{STATUS("0-3", "0"), CPU "online", "0-7\n"}, check_cpus, "cpus", OK,
		"allowed are 0-3 of 0-7", NULL, {0}},
	{{STATUS("2", "0"), CPU "online", "0-7\n"}, check_cpus, "cpus", WARNING,
		"only 2 of 0-7 is allowed", "AllowedCPUs=0-7", {0}},
	{{STATUS("0", "0"), CPU "online", "0\n"}, check_cpus, "cpus", OK, "allowed are 0 of 0",
		NULL, {0}},
	{{CPU "online", "0\n"}, check_cpus, "cpus", WARNING, "/proc/self/status", "mount", {0}},
	{{STATUS("0-3", "0"), CPU "isolated", "\n"}, check_isolated, "isolated-cpus", WARNING,
		"none;", "isolcpus=1-3 nohz_full=1-3", {0}},
	{{STATUS("0-3", "0")}, check_isolated, "isolated-cpus", WARNING, "none;", "isolcpus=1-3",
		{0}},
	{{STATUS("5", "0")}, check_isolated, "isolated-cpus", WARNING, "none;", "isolcpus=5 ", {0}},
	{{STATUS("0-3", "0"), CPU "isolated", "2-3\n"}, check_isolated, "isolated-cpus", OK,
		"2-3, without ticks (nohz_full) none", NULL, {0}},
	{{STATUS("0-3", "0"), CPU "isolated", "2-3\n", CPU "nohz_full", "3\n"}, check_isolated,
		"isolated-cpus", OK, "2-3, without ticks (nohz_full) 3", NULL, {0}},
	{{STATUS("0-3", "0"), CPU "isolated", "2\n", CPU "nohz_full", "  (null)\n"}, check_isolated,
		"isolated-cpus", OK, "nohz_full) none", NULL, {0}},
	{{STATUS("0-1", "0"), CPU "isolated", "2-3\n"}, check_isolated, "isolated-cpus", WARNING,
		"2-3, but this process may use none", "AllowedCPUs=2-3", {0}},
	/* the affinity leaves isolated CPUs out, the cpuset has them: they can be had */
	{{STATUS("0-1", "0"), CGROUP_2("/"), "/cg/cpuset.cpus.effective", "0-3\n", CPU "isolated",
		 "2-3\n"},
		check_isolated, "isolated-cpus", WARNING, "2-3, but this process may use none",
		"taskset --pid --cpu-list 0-3 $$", {0}},
	{{STATUS("0-3", "0"), CGROUP_2("/"), "/cg/cpuset.cpus.effective", "0-3\n", CPU "isolated",
		 "2-3\n"},
		check_isolated, "isolated-cpus", OK, "2-3", NULL, {0}},
	{{STATUS("0-1", "0")}, check_governor, NULL, OK, NULL, NULL, {0}},
	{{STATUS("0-1", "0"), CPU "cpu0/cpufreq/scaling_governor", "performance\n",
		 CPU "cpu2/cpufreq/scaling_governor", "powersave\n"},
		check_governor, "cpu-governor", OK, "performance", NULL, {0}},
	{{STATUS("0-1", "0"), CPU "cpu0/cpufreq/scaling_governor", "performance\n",
		 CPU "cpu1/cpufreq/scaling_governor", "powersave\n"},
		check_governor, "cpu-governor", WARNING, "powersave on CPU 1",
		"echo performance | tee", {0}},
};

static const struct state devices[] = {
	{{NULL}, check_iommu, "iommu", WARNING, "none", "intel_iommu=on", {0}},
	{{"/sys/kernel/iommu_groups/0/type", "", "/sys/kernel/iommu_groups/1/type", ""},
		check_iommu, "iommu", OK, "2 groups", NULL, {0}},
	{{NULL}, check_vhost_net, "vhost-net", WARNING, "no /dev/vhost-net", "modprobe vhost_net",
		{0}},
	{{"/dev/vhost-net", ""}, check_vhost_net, "vhost-net", OK, "/dev/vhost-net", NULL, {0}},
	{{NULL}, check_lsm, "selinux-apparmor", OK, "neither", NULL, {0}},
	{{"/sys/fs/selinux/enforce", "1"}, check_lsm, "selinux-apparmor", WARNING, "enforces",
		"label=disable", {0}},
	{{"/sys/fs/selinux/enforce", "0"}, check_lsm, "selinux-apparmor", OK, "permissive", NULL,
		{0}},
	{{"/sys/module/apparmor/parameters/enabled", "Y\n"}, check_lsm, "selinux-apparmor", OK,
		"AppArmor", NULL, {0}},
	{{"/sys/module/apparmor/parameters/enabled", "N\n"}, check_lsm, "selinux-apparmor", OK,
		"neither", NULL, {0}},
};

static const struct state limits[] = {
	{{NULL}, check_locked, "locked-memory", OK, "unlimited", NULL,
		{.locked = {.rlim_max = RLIM_INFINITY}}},
	{{NULL}, check_locked, "locked-memory", OK, "8388608 bytes", NULL,
		{.locked = {.rlim_max = 8 << 20}}},
	{{NULL}, check_locked, "locked-memory", WARNING, "65536 bytes; an application",
		"prlimit --memlock=unlimited --pid $$", {.locked = {.rlim_max = 65536}}},
	{{NULL}, check_locked, "locked-memory", WARNING, "65536 bytes",
		"as root: echo '* - memlock unlimited' >/etc/security/limits.d/cvio-memlock.conf",
		{.uid = 1, .locked = {.rlim_max = 65536}}},
	{{NULL}, check_files, "open-files", OK, "65536; cvio run asks for 65536", NULL,
		{.files = {.rlim_max = 65536}}},
	{{NULL}, check_files, "open-files", OK, "unlimited", NULL,
		{.files = {.rlim_max = RLIM_INFINITY}}},
	{{NULL}, check_files, "open-files", OK, "2048, which cvio run takes", NULL,
		{.files = {.rlim_max = 2048}}},
	{{NULL}, check_files, "open-files", WARNING, "2047;", "prlimit --nofile=65536 --pid $$",
		{.files = {.rlim_max = 2047}}},
};

#define USER .uid = 1000, .user = "ann"
#define USERNS "/proc/self/ns/user", ""

static const struct state users[] = {
	{{NULL}, check_user_namespaces, NULL, OK, NULL, NULL, {0}},
	{{NULL}, check_subids, NULL, OK, NULL, NULL, {0}},
	{{NULL}, check_runtime_dir, NULL, OK, NULL, NULL, {0}},
	{{USERNS}, check_user_namespaces, "user-namespaces", OK, "may make", NULL, {USER}},
	{{NULL}, check_user_namespaces, "user-namespaces", FAILURE, "has none", "CONFIG_USER_NS",
		{USER}},
	{{USERNS, "/proc/sys/user/max_user_namespaces", "0\n"}, check_user_namespaces,
		"user-namespaces", FAILURE, "user.max_user_namespaces is 0",
		"as root: sysctl user.max_user_namespaces=28633", {USER}},
	{{USERNS, "/proc/sys/user/max_user_namespaces", "100\n",
		 "/proc/sys/kernel/unprivileged_userns_clone", "0\n"},
		check_user_namespaces, "user-namespaces", FAILURE, "unprivileged_userns_clone is 0",
		"sysctl kernel.unprivileged_userns_clone=1", {USER}},
	{{"/etc/subuid", "ann:100000:65536\n", "/etc/subgid", "bob:5:6\n1000:100000:65536\n"},
		check_subids, "subordinate-ids", OK, "65536 uids, 65536 gids", NULL, {USER}},
	{{NULL}, check_subids, "subordinate-ids", FAILURE, "0 uids in /etc/subuid, 0 gids",
		"usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ann;", {USER}},
	/* not those of bob, and not the same as his */
	{{"/etc/subuid", "bob:100000:65536\n", "/etc/subgid", "ann:200000:65536\n"}, check_subids,
		"subordinate-ids", FAILURE, "0 uids in /etc/subuid, 65536 gids",
		"usermod --add-subuids 265536-331071", {USER}},
	{{NULL}, check_runtime_dir, "runtime-folder", FAILURE, "isn't set",
		"export XDG_RUNTIME_DIR=/run/user/1000", {USER}},
	{{NULL}, check_runtime_dir, "runtime-folder", FAILURE,
		"XDG_RUNTIME_DIR=/no/such isn't a folder of uid 1000",
		"install -d -o 1000 -m 700 /no/such", {USER, .runtime_dir = "/no/such"}},
};

static const struct state kernels[] = {
	{{STATUS("0", "0")}, check_seccomp, "seccomp", OK, "has filters", NULL, {0}},
	{{"/proc/self/status", "Name:\tx\n"}, check_seccomp, "seccomp", FAILURE, "has no filters",
		"CONFIG_SECCOMP_FILTER", {0}},
};

static void make_file(const char *root, const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *c = full + strlen(root) + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(full, 0700);
		*c = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static const struct check_line *find_line(const struct check_report *report, const char *name)
{
	for (size_t i = 0; name != NULL && i < report->count; i++)
		if (strcmp(report->lines[i].name, name) == 0)
			return &report->lines[i];
	return NULL;
}

static bool line_is(const struct check_line *line, const struct state *state)
{
	return line != NULL && line->result == state->result &&
	       strstr(line->value, state->value) != NULL &&
	       (state->remedy == NULL ? line->remedy[0] == '\0'
				      : strstr(line->remedy, state->remedy) != NULL);
}

/* What isn't ok always has a remedy. */
static bool all_mended(const struct check_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if ((report->lines[i].result == OK) != (report->lines[i].remedy[0] == '\0'))
			return false;
	return true;
}

static void test_state(const struct state *state, size_t row)
{
	char root[] = "/tmp/cvio-test-XXXXXX";
	struct check_report report = {0};
	struct check_host host = state->host;
	const struct check_line *line;

	assert_non_null(mkdtemp(root));
	for (size_t i = 0; state->files[i] != NULL; i += 2)
		make_file(root, state->files[i], state->files[i + 1]);
	host.root = root;
	state->check(&host, &report);
	tree_remove(root);
	line = find_line(&report, state->name);
	if (state->name == NULL ? report.count != 0 : !line_is(line, state)) {
		check_print(&report, false, stderr);
		fail_msg("row %zu: wanted: %d %s %s: %s", row, state->result,
			state->name != NULL ? state->name : "no line",
			state->value != NULL ? state->value : "",
			state->remedy != NULL ? state->remedy : "");
	}
	assert_true(all_mended(&report));
	assert_int_equal(report.exit_code, line != NULL && line->result == FAILURE ? 69 : 0);
	check_report_fini(&report);
}

#define TEST_TABLE(table)                                     \
	static void test_##table(void **state)                \
	{                                                     \
		(void)state;                                  \
		for (size_t i = 0; i < ARRAY_LEN(table); i++) \
			test_state(&table[i], i);             \
	}

TEST_TABLE(memory)
TEST_TABLE(cgroups)
TEST_TABLE(probes)
TEST_TABLE(cpus)
TEST_TABLE(devices)
TEST_TABLE(limits)
TEST_TABLE(users)
TEST_TABLE(kernels)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_cgroups),
		cmocka_unit_test(test_probes),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
