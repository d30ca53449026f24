/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman's commands, as `cvio run` gives them. The containers of a chain start detached, in order;
 * each waits for its backends by itself. A single one is podman's own process, for a supervisor.
 */
#include <limits.h>
#include <stdlib.h>

#include "generate.h"
#include "generate_output.h"

/* A plan with the hugetlbfs that the script mounts. */
static void print_run(const struct run *run, FILE *out)
{
	struct run_plan plan = run->plan;
	char hugepages[PATH_MAX];

	if (run->hugetlbfs != NULL) {
		generate_hugepages_path(run, hugepages, sizeof(hugepages));
		plan.hugepages_dir = hugepages;
	}
	plan_print(&plan, out);
}

int generate_podman(struct generate *g, struct cvio_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return generate_add(g, "run.sh", NULL, GENERATE_PROGRAM, err);
	fputs("#!/bin/sh\n", out);
	generate_head(g, "podman", out);
	fputs("set -eu\n", out);
	generate_folders(g, out);
	for (size_t i = 0; i < g->count; i++) {
		if (g->count == 1)
			fputs("exec ", out);
		print_run(&g->runs[i], out);
	}
	if (fclose(out) != 0) {
		free(text);
		text = NULL;
	}
	return generate_add(g, "run.sh", text, GENERATE_PROGRAM, err);
}
