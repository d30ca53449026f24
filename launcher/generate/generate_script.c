/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shell scripts with podman's commands, as `cvio run` gives them, or docker's, which are the same
 * but for a few options: docker takes a seccomp profile from a file only, and has a storage of its
 * own. The containers of a chain start detached, in order; each waits for its backends by itself. A
 * single one takes the script's place, for a supervisor.
 */
#include <limits.h>
#include <stdlib.h>

#include "generate/generate.h"
#include "generate/generate_output.h"

static void print_load(const struct run *run, FILE *out)
{
	fputs("docker image inspect ", out);
	shell_quote(out, run->options.image);
	fputs(" >/dev/null 2>&1 || podman save --format docker-archive ", out);
	shell_quote(out, run->options.image);
	fputs(" | docker load\n", out);
}

/* The plan, with the hugetlbfs that the script mounts. */
static void print_run(const struct run *run, bool docker, FILE *out)
{
	struct run_plan plan = run->plan;
	char hugepages[PATH_MAX], profile[PATH_MAX];

	plan.docker = docker;
	if (docker && run->image.seccomp != NULL) {
		snprintf(profile, sizeof(profile), "%s" GENERATE_PROFILE, plan.name);
		plan.seccomp_file = profile;
	}
	if (run->hugetlbfs != NULL) {
		generate_hugepages_path(run, hugepages, sizeof(hugepages));
		plan.hugepages_dir = hugepages;
	}
	plan_print(&plan, out);
}

static void print_script(const struct generate *g, bool docker, FILE *out)
{
	fputs("#!/bin/sh\n", out);
	generate_head(g, docker ? "docker" : "podman", out);
	if (docker)
		fputs("# docker has a storage of its own: an image that isn't there is copied from "
		      "podman's.\n",
			out);
	fputs("set -eu\n", out);
	if (docker)
		fputs("cd \"$(dirname \"$0\")\"\n", out);
	generate_folders(g, out);
	for (size_t i = 0; docker && i < g->count; i++)
		print_load(&g->runs[i], out);
	for (size_t i = 0; i < g->count; i++) {
		if (g->count == 1)
			fputs("exec ", out);
		print_run(&g->runs[i], docker, out);
	}
}

static int add_script(struct generate *g, bool docker, struct cvio_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out != NULL) {
		print_script(g, docker, out);
		if (fclose(out) != 0) {
			free(text);
			text = NULL;
		}
	}
	return generate_add(g, "run.sh", text, GENERATE_PROGRAM, err);
}

int generate_podman(struct generate *g, struct cvio_error *err)
{
	return add_script(g, false, err);
}

int generate_docker(struct generate *g, struct cvio_error *err)
{
	int r = add_script(g, true, err);

	return r == 0 ? generate_add_profiles(g, err) : r;
}
