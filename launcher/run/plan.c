/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The container's walls: no capability, no new privilege, nothing writable, no network, the image's
 * own list of system calls. What else the engine does (runtime, cgroups, log driver) is its
 * configuration, and not ours to repeat here.
 */
#include "run/plan.h"

#include <errno.h>
#include <string.h>

#include "base/names.h"

static void add_walls(const struct run_plan *plan, struct words *argv)
{
	words_add(argv, "--pull=never");
	words_add(argv, "--cap-drop=all");
	words_add(argv, "--security-opt=no-new-privileges");
	words_add(argv, "--read-only");
	if (!plan->docker)
		words_add(argv, "--read-only-tmpfs=false");
	words_add(argv, "--network=none");
	for (size_t i = 0; plan->groups != NULL && i < plan->groups->count; i++)
		words_addf(argv, "--group-add=%s", plan->groups->list[i]);
	if (plan->seccomp_file != NULL)
		words_addf(argv, "--security-opt=seccomp=%s", plan->seccomp_file);
	else if (plan->image_seccomp)
		words_add(argv, "--seccomp-policy=image");
	words_addf(argv, "--ulimit=nofile=%lu:%lu", plan->nofile, plan->nofile);
	words_addf(argv, "--ulimit=nproc=%lu:%lu", plan->nproc, plan->nproc);
	if (plan->locks_memory)
		words_add(argv, "--ulimit=memlock=-1:-1");
}

/* --mount, since --volume would take a colon in a folder's name for its own. */
static void add_mount(struct words *argv, const char *source, const char *target)
{
	words_addf(argv, "--mount=type=bind,source=%s,destination=%s", source, target);
}

static void add_resources(const struct run_plan *plan, struct words *argv)
{
	if (plan->cpus != NULL)
		words_addf(argv, "--cpuset-cpus=%s", plan->cpus);
	if (plan->mems != NULL)
		words_addf(argv, "--cpuset-mems=%s", plan->mems);
	if (plan->lcores != NULL)
		words_addf(argv, "--env=CVIO_LCORES=%s", plan->lcores);
	if (plan->ports != NULL)
		words_addf(argv, "--env=CVIO_PORTS=%s", plan->ports);
	if (plan->memory != NULL)
		words_addf(argv, "--env=CVIO_MEMORY=%s", plan->memory);
	for (size_t i = 0; i < plan->folders->count; i++)
		add_mount(argv, plan->folders->list[i], plan->targets->list[i]);
	for (size_t i = 0; plan->devices != NULL && i < plan->devices->count; i++)
		words_addf(argv, "--device=%s", plan->devices->list[i]);
	if (plan->hugepages_dir != NULL)
		add_mount(argv, plan->hugepages_dir, "/dev/hugepages");
	/* EAL's files for secondary processes, where no folder of the host's is for them */
	if (plan->hugepages_dir != NULL && plan->runtime_dir == NULL) {
		words_add(argv, "--tmpfs=" INNER_RUNTIME_FOLDER ":mode=1777");
		words_add(argv, "--env=RUNTIME_DIRECTORY=" INNER_RUNTIME_FOLDER);
	}
	if (plan->runtime_dir != NULL) {
		add_mount(argv, plan->runtime_dir, INNER_RUNTIME_FOLDER);
		words_add(argv, "--env=RUNTIME_DIRECTORY=" INNER_RUNTIME_FOLDER);
	}
	if (plan->notify_dir != NULL) {
		add_mount(argv, plan->notify_dir, INNER_FOLDER "/notify");
		words_add(argv, "--env=NOTIFY_SOCKET=" INNER_FOLDER "/notify/ready.sock");
	}
}

/* Everything before the image. */
static void add_options(const struct run_plan *plan, struct words *argv)
{
	/* A detached container stays when it ends, so that its log can be read. */
	words_add(argv, plan->detach ? "--detach" : "--rm");
	if (plan->tty) {
		words_add(argv, "--interactive");
		words_add(argv, "--tty");
	}
	words_addf(argv, "--name=%s", plan->name);
	if (plan->run_id != NULL)
		words_addf(argv, "--label=" CONTAINER_LABEL "=%s", plan->run_id);
	if (plan->pid_file != NULL)
		words_addf(argv, "--pidfile=%s", plan->pid_file);
	add_walls(plan, argv);
	add_resources(plan, argv);
	words_extend(argv, plan->podman_args);
}

int plan_argv(const struct run_plan *plan, struct words *argv)
{
	words_add(argv, plan->docker ? "docker" : "podman");
	for (size_t i = 0; plan->hooks != NULL && i < plan->hooks->count; i++)
		words_addf(argv, "--hooks-dir=%s", plan->hooks->list[i]);
	words_add(argv, "run");
	add_options(plan, argv);
	words_add(argv, plan->image);
	words_extend(argv, plan->app_args);
	return argv->failed ? -ENOMEM : 0;
}

int plan_print(const struct run_plan *plan, FILE *out)
{
	_words_cleanup_ struct words argv = {0};
	size_t image;

	if (plan_argv(plan, &argv) < 0)
		return -ENOMEM;
	image = argv.count - plan->app_args->count - 1;
	for (size_t i = 0; i < argv.count; i++) {
		if (i == image || (i < image && argv.list[i][0] == '-'))
			fputs(" \\\n\t", out);
		else if (i > 0)
			fputc(' ', out);
		shell_quote(out, argv.list[i]);
	}
	fputc('\n', out);
	return 0;
}

void plan_outside(const struct run_plan *plan, const char *text, char *buf, size_t size)
{
	for (size_t i = 0; i < plan->folders->count; i++) {
		const char *folder = plan->folders->list[i], *target = plan->targets->list[i];
		const char *at = strcmp(folder, target) == 0 ? NULL : strstr(text, target);
		const char *rest = at == NULL ? "" : at + strlen(target);

		if (*rest == '/') {
			snprintf(buf, size, "%.*s%s%s", (int)(at - text), text, folder, rest);
			return;
		}
	}
	snprintf(buf, size, "%s", text);
}
