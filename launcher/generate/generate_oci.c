/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bundle of the OCI runtime specification 1.0.2 for each container: what podman hands to the
 * runtime, by hand. `runc run --bundle FOLDER NAME` or crun's starts it.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "base/exit.h"
#include "base/names.h"
#include "generate/generate.h"
#include "generate/generate_device.h"
#include "generate/generate_output.h"
#include "state/hugetlbfs.h"

static json_t *strings(const struct words *words)
{
	json_t *array = json_array();

	for (size_t i = 0; i < words->count; i++)
		json_array_append_new(array, json_string(words->list[i]));
	return array;
}

static json_t *mount_pack(
	const char *type, const char *source, const char *target, const char *options)
{
	_words_cleanup_ struct words list = {0};
	char copy[256], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", options);
	for (char *word = strtok_r(copy, ",", &save); word != NULL;
		word = strtok_r(NULL, ",", &save))
		words_add(&list, word);
	return json_pack("{s:s, s:s, s:s, s:o}", "destination", target, "type", type, "source",
		source, "options", strings(&list));
}

static json_t *mounts(const struct run *run)
{
	const struct run_plan *plan = &run->plan;
	json_t *all = json_array();
	char options[128];

	json_array_append_new(all, mount_pack("proc", "proc", "/proc", "nosuid,noexec,nodev"));
	json_array_append_new(all, mount_pack("tmpfs", "tmpfs", "/dev",
					   "nosuid,noexec,strictatime,mode=755,size=64k"));
	json_array_append_new(all, mount_pack("sysfs", "sysfs", "/sys", "nosuid,noexec,nodev,ro"));
	for (size_t i = 0; i < plan->folders->count; i++)
		json_array_append_new(
			all, mount_pack("bind", plan->folders->list[i], plan->targets->list[i],
				     "rbind,rprivate,nosuid,nodev,noexec"));
	if (run->hugetlbfs == NULL)
		return all;
	hugetlbfs_options(
		run->hugetlbfs, run->user.known ? &run->user : NULL, options, sizeof(options));
	json_array_append_new(all, mount_pack("hugetlbfs", "none", "/dev/hugepages", options));
	json_array_append_new(all, mount_pack("tmpfs", "tmpfs", INNER_RUNTIME_FOLDER,
					   "nosuid,nodev,noexec,mode=1777"));
	return all;
}

static json_t *limit_pack(const char *type, unsigned long value)
{
	return json_pack("{s:s, s:I, s:I}", "type", type, "hard", (json_int_t)value, "soft",
		(json_int_t)value);
}

static json_t *process(const struct run *run)
{
	const struct run_plan *plan = &run->plan;
	_words_cleanup_ struct words argv = {0}, env = {0};
	json_t *groups = json_array();

	generate_argv(run, &argv);
	generate_env(run, &env);
	for (size_t i = 0; plan->groups != NULL && i < plan->groups->count; i++)
		json_array_append_new(
			groups, json_integer(strtol(plan->groups->list[i], NULL, 10)));
	return json_pack(
		"{s:b, s:{s:I, s:I, s:o}, s:o, s:o, s:s, s:{s:[], s:[], s:[], s:[], s:[]}, "
		"s:[o, o], s:b}",
		"terminal", plan->tty, "user", "uid", (json_int_t)run->user.uid, "gid",
		(json_int_t)run->user.gid, "additionalGids", groups, "args", strings(&argv), "env",
		strings(&env), "cwd", "/", "capabilities", "bounding", "effective", "inheritable",
		"permitted", "ambient", "rlimits", limit_pack("RLIMIT_NOFILE", plan->nofile),
		limit_pack("RLIMIT_NPROC", plan->nproc), "noNewPrivileges", 1);
}

static json_t *linux_part(const struct run *run)
{
	const struct run_plan *plan = &run->plan;
	json_t *cpu = json_object();
	json_t *all = json_pack("{s:[{s:s}, {s:s}, {s:s}, {s:s}, {s:s}], s:{s:[{s:b, s:s}], s:o}, "
				"s:[s, s, s, s, s, s], s:[s, s, s, s, s]}",
		"namespaces", "type", "pid", "type", "network", "type", "ipc", "type", "uts",
		"type", "mount", "resources", "devices", "allow", 0, "access", "rwm", "cpu", cpu,
		"maskedPaths", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list",
		"/sys/firmware", "/proc/scsi", "readonlyPaths", "/proc/bus", "/proc/fs",
		"/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

	if (plan->cpus != NULL)
		json_object_set_new(cpu, "cpus", json_string(plan->cpus));
	if (plan->mems != NULL)
		json_object_set_new(cpu, "mems", json_string(plan->mems));
	/* the label's profile is of the specification's own form */
	if (run->image.seccomp != NULL)
		json_object_set_new(all, "seccomp",
			json_loads(run->image.seccomp, JSON_REJECT_DUPLICATES, NULL));
	return all;
}

static int add_bundle(struct generate *g, const struct run *run, struct cvio_error *err)
{
	char prefix[PATH_MAX / 2], name[PATH_MAX];
	json_t *bundle = json_pack("{s:s, s:{s:s, s:b}, s:s, s:o, s:o, s:o}", "ociVersion", "1.0.2",
		"root", "path", "rootfs", "readonly", 1, "hostname", run->plan.name, "process",
		process(run), "mounts", mounts(run), "linux", linux_part(run));
	char *text = NULL;
	int r = generate_devices(run, bundle, err);

	if (r == 0)
		text = json_dumps(bundle, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(bundle);
	if (r < 0)
		return r;
	generate_prefix(g, run, prefix, sizeof(prefix));
	snprintf(name, sizeof(name), "%sconfig.json", prefix);
	return generate_add(g, name, text, GENERATE_DATA, err);
}

int generate_oci(struct generate *g, struct cvio_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->count; i++)
		r = add_bundle(g, &g->runs[i], err);
	return r;
}
