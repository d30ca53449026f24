/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * docker's commands. They are podman's but for a few options; docker takes a seccomp profile from a
 * file only, and has a storage of its own.
 */
#include <limits.h>
#include <stdlib.h>

#include "generate.h"
#include "generate_output.h"

static void print_load(const struct run *run, FILE *out)
{
	fputs("docker image inspect ", out);
	shell_quote(out, run->options.image);
	fputs(" >/dev/null 2>&1 || podman save --format docker-archive ", out);
	shell_quote(out, run->options.image);
	fputs(" | docker load\n", out);
}

static void print_run(const struct run *run, FILE *out)
{
	struct run_plan plan = run->plan;
	char hugepages[PATH_MAX], profile[PATH_MAX];

	plan.docker = true;
	if (run->image.seccomp != NULL) {
		snprintf(profile, sizeof(profile), "%s.seccomp.json", plan.name);
		plan.seccomp_file = profile;
	}
	if (run->hugetlbfs != NULL) {
		generate_hugepages_path(run, hugepages, sizeof(hugepages));
		plan.hugepages_dir = hugepages;
	}
	plan_print(&plan, out);
}

int generate_docker(struct generate *g, struct cvio_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (out == NULL)
		return generate_add(g, "run.sh", NULL, GENERATE_PROGRAM, err);
	fputs("#!/bin/sh\n", out);
	generate_head(g, "docker", out);
	fputs("# docker has a storage of its own: an image that isn't there is copied from "
	      "podman's.\n"
	      "set -eu\n"
	      "cd \"$(dirname \"$0\")\"\n",
		out);
	generate_folders(g, out);
	for (size_t i = 0; i < g->count; i++)
		print_load(&g->runs[i], out);
	for (size_t i = 0; i < g->count; i++) {
		if (g->count == 1)
			fputs("exec ", out);
		print_run(&g->runs[i], out);
	}
	if (fclose(out) != 0) {
		free(text);
		text = NULL;
	}
	r = generate_add(g, "run.sh", text, GENERATE_PROGRAM, err);
	return r == 0 ? generate_add_profiles(g, err) : r;
}
