/* SPDX-License-Identifier: BSD-3-Clause */
/* A unit for each container. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "generate/generate.h"
#include "generate/generate_output.h"
#include "generate/quadlet.h"

static char *make_unit(const struct generate *g, const struct run *run, struct cvio_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r = -ENOMEM;

	if (out != NULL) {
		generate_head(g, "quadlet", out);
		r = quadlet_write(&run->plan, g->links, out, err);
		if (fclose(out) != 0)
			r = -ENOMEM;
	}
	if (r == 0)
		return text;
	free(text);
	return NULL;
}

int generate_quadlet(struct generate *g, struct cvio_error *err)
{
	char name[PATH_MAX], *text;
	int r = generate_no_mount(g, "quadlet", err);

	for (size_t i = 0; r == 0 && i < g->count; i++) {
		snprintf(name, sizeof(name), "%s.container", g->runs[i].plan.name);
		text = make_unit(g, &g->runs[i], err);
		r = text == NULL ? -EINVAL : generate_add(g, name, text, GENERATE_DATA, err);
	}
	return r;
}
