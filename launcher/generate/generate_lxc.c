/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A configuration of LXC for each container, with its root beside it. LXC has its own form of a
 * seccomp profile, which has no reasons and a default action in its second line.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/names.h"
#include "generate/generate.h"
#include "generate/generate_output.h"
#include "state/hugetlbfs.h"

/* What LXC itself calls between loading the profile and the application's start. */
static const char *const lxc_calls[] = {"setgroups", "setresgid", "setresuid"};

/* A call answers with its rule's number, EPERM if the rule has none, or is allowed. */
static void print_call(const char *name, const json_t *rule, FILE *out)
{
	const char *action = json_string_value(json_object_get(rule, "action"));
	const json_t *number = json_object_get(rule, "errnoRet");

	if (action != NULL && strcmp(action, "SCMP_ACT_ALLOW") == 0)
		fprintf(out, "%s\n", name);
	else
		fprintf(out, "%s errno %d\n", name,
			number == NULL ? EPERM : (int)json_integer_value(number));
}

static void print_calls(const json_t *profile, FILE *out)
{
	const json_t *number = json_object_get(profile, "defaultErrnoRet");
	json_t *rule, *name;
	size_t i, j;

	fprintf(out, "2\nallowlist errno %d\n[all]\n",
		number == NULL ? EPERM : (int)json_integer_value(number));
	json_array_foreach (json_object_get(profile, "syscalls"), i, rule)
		json_array_foreach (json_object_get(rule, "names"), j, name)
			print_call(json_string_value(name), rule, out);
	for (i = 0; i < sizeof(lxc_calls) / sizeof(lxc_calls[0]); i++)
		fprintf(out, "%s\n", lxc_calls[i]);
}

static int add_profile(
	struct generate *g, const struct run *run, const char *prefix, struct cvio_error *err)
{
	json_t *profile = json_loads(run->image.seccomp, JSON_REJECT_DUPLICATES, NULL);
	char *text = NULL, name[PATH_MAX];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out != NULL) {
		print_calls(profile, out);
		if (fclose(out) != 0) {
			free(text);
			text = NULL;
		}
	}
	json_decref(profile);
	snprintf(name, sizeof(name), "%sseccomp", prefix);
	return generate_add(g, name, text, GENERATE_DATA, err);
}

/* A path as fstab(5) has it. */
static void print_path(const char *path, FILE *out)
{
	for (; *path != '\0'; path++)
		if (strchr(" \t\n\\", *path) != NULL)
			fprintf(out, "\\%03o", (unsigned char)*path);
		else
			fputc(*path, out);
}

static void print_mounts(const struct run *run, FILE *out)
{
	const struct run_plan *plan = &run->plan;
	char options[128];

	fputs("lxc.mount.auto = proc:mixed sys:ro\n", out);
	for (size_t i = 0; i < plan->folders->count; i++) {
		fputs("lxc.mount.entry = ", out);
		print_path(plan->folders->list[i], out);
		fputc(' ', out);
		print_path(plan->targets->list[i] + 1, out);
		fputs(" none bind,nosuid,nodev,noexec 0 0\n", out);
	}
	if (run->hugetlbfs == NULL)
		return;
	hugetlbfs_options(run->hugetlbfs, &run->user, options, sizeof(options));
	fprintf(out, "lxc.mount.entry = none dev/hugepages hugetlbfs create=dir,%s 0 0\n", options);
	fprintf(out, "lxc.mount.entry = none %s tmpfs nosuid,nodev,noexec,mode=1777 0 0\n",
		&INNER_RUNTIME_FOLDER[1]);
}

static void print_walls(const struct run *run, FILE *out)
{
	const struct run_plan *plan = &run->plan;

	fputs("lxc.net.0.type = empty\n"
	      "lxc.cap.keep = none\n"
	      "lxc.no_new_privs = 1\n"
	      "lxc.tty.max = 0\n"
	      "lxc.pty.max = 1\n"
	      "lxc.autodev = 1\n",
		out);
	fprintf(out, "lxc.init.uid = %u\nlxc.init.gid = %u\n", run->user.uid, run->user.gid);
	for (size_t i = 0; plan->groups != NULL && i < plan->groups->count; i++)
		fprintf(out, "%s%s%s", i == 0 ? "lxc.init.groups = " : ",", plan->groups->list[i],
			i + 1 == plan->groups->count ? "\n" : "");
	fprintf(out, "lxc.prlimit.nofile = %lu\nlxc.prlimit.nproc = %lu\n", plan->nofile,
		plan->nproc);
}

static void print_config(
	const struct generate *g, const struct run *run, const char *prefix, FILE *out)
{
	const struct run_plan *plan = &run->plan;
	_words_cleanup_ struct words argv = {0}, env = {0};

	generate_head(g, "lxc", out);
	fprintf(out, "# Start it by: lxc-start -n %s -f %s/%sconfig\n", plan->name, g->output,
		prefix);
	fprintf(out, "lxc.uts.name = %s\n", plan->name);
	fprintf(out, "lxc.rootfs.path = dir:%s/%srootfs\n", g->output, prefix);
	fputs("lxc.rootfs.options = ro\n", out);
	generate_argv(run, &argv);
	fputs("lxc.init.cmd =", out);
	for (size_t i = 0; i < argv.count; i++) {
		fputc(' ', out);
		shell_quote(out, argv.list[i]);
	}
	fputc('\n', out);
	generate_env(run, &env);
	for (size_t i = 0; i < env.count; i++)
		fprintf(out, "lxc.environment = %s\n", env.list[i]);
	print_mounts(run, out);
	print_walls(run, out);
	if (run->image.seccomp != NULL)
		fprintf(out, "lxc.seccomp.profile = %s/%sseccomp\n", g->output, prefix);
	/* where a container in the background says why it ends */
	fprintf(out, "lxc.console.logfile = %s/%slog\n", g->output, prefix);
	if (plan->cpus != NULL)
		fprintf(out, "lxc.cgroup.cpuset.cpus = %s\nlxc.cgroup2.cpuset.cpus = %s\n",
			plan->cpus, plan->cpus);
	if (plan->mems != NULL)
		fprintf(out, "lxc.cgroup.cpuset.mems = %s\nlxc.cgroup2.cpuset.mems = %s\n",
			plan->mems, plan->mems);
}

static int add_config(struct generate *g, const struct run *run, struct cvio_error *err)
{
	char *text = NULL, name[PATH_MAX], prefix[PATH_MAX / 2];
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r;

	generate_prefix(g, run, prefix, sizeof(prefix));
	if (out != NULL) {
		print_config(g, run, prefix, out);
		if (fclose(out) != 0) {
			free(text);
			text = NULL;
		}
	}
	snprintf(name, sizeof(name), "%sconfig", prefix);
	r = generate_add(g, name, text, GENERATE_DATA, err);
	return r == 0 && run->image.seccomp != NULL ? add_profile(g, run, prefix, err) : r;
}

int generate_lxc(struct generate *g, struct cvio_error *err)
{
	int r = 0;

	if (g->output == NULL) /* the paths in it are absolute */
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"generate: lxc: is several files; name a folder for them: -o FOLDER");
	for (size_t i = 0; r == 0 && i < g->count; i++)
		r = add_config(g, &g->runs[i], err);
	return r;
}
