/* SPDX-License-Identifier: BSD-3-Clause */
/* The order is the point: the folder and its hook are there before anything is that they have to
 * remove. */
#include "run/prepare.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "state/hook.h"
#include "state/hugetlbfs.h"
#include "state/state_tree.h"

/* Where podman looks as root, if it isn't told. */
static const char *const podman_hooks[] = {
	"/usr/share/containers/oci/hooks.d", "/etc/containers/oci/hooks.d"};

static int add_hooks(struct preparation *p, const struct memory_spec *limit, struct run_plan *plan,
	struct cvio_error *err)
{
	char folder[PATH_MAX];
	int r = hook_write(&p->state, limit, plan->run_id, plan->wired, folder, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < sizeof(podman_hooks) / sizeof(podman_hooks[0]); i++)
		if (geteuid() == 0 && access(podman_hooks[i], F_OK) == 0)
			words_add(&p->hooks, podman_hooks[i]);
	words_add(&p->hooks, folder);
	plan->hooks = &p->hooks;
	return 0;
}

/* Not if the user wants it elsewhere: podman writes one. */
static void add_pid_file(struct preparation *p, struct run_plan *plan)
{
	static const char option[] = "--pidfile";

	for (size_t i = 0; i < plan->podman_args->count; i++)
		if (strncmp(plan->podman_args->list[i], option, sizeof(option) - 1) == 0)
			return;
	snprintf(p->pid_file, sizeof(p->pid_file), "%s/pid", p->state.path);
	plan->pid_file = p->pid_file;
}

static int add_hugetlbfs(struct preparation *p, const struct wishes *wishes, struct run_plan *plan,
	struct cvio_error *err)
{
	int r = state_subfolder(&p->state, STATE_HUGEPAGES, wishes->user, p->hugepages_dir, err);

	if (r == 0)
		r = hugetlbfs_mount(p->hugepages_dir, wishes->hugetlbfs, wishes->user, err);
	if (r == 0)
		plan->hugepages_dir = p->hugepages_dir;
	return r;
}

int prepare(struct preparation *p, const struct wishes *wishes, struct run_plan *plan,
	struct cvio_error *err)
{
	const struct state_run run = {plan->run_id, plan->name, plan->image, wishes->ports};
	int r;

	r = state_open(&p->state, plan->run_id, err);
	if (r == 0)
		r = state_describe(&p->state, &run, err);
	if (r == 0)
		r = add_hooks(p, wishes->limit, plan, err);
	if (r == 0 && wishes->runtime_dir) {
		r = state_subfolder(&p->state, "telemetry", wishes->user, p->runtime_dir, err);
		plan->runtime_dir = p->runtime_dir;
	}
	if (r == 0 && wishes->hugetlbfs != NULL)
		r = add_hugetlbfs(p, wishes, plan, err);
	add_pid_file(p, plan);
	return r;
}

void preparation_close(struct preparation *p)
{
	state_close(&p->state);
	words_fini(&p->hooks);
}
