/* SPDX-License-Identifier: BSD-3-Clause */
/* One specification with a device for each container. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "generate/cdi.h"
#include "generate/generate.h"
#include "generate/generate_output.h"

static char *make_text(const json_t *spec)
{
	char *json = json_dumps(spec, JSON_INDENT(2)), *text = NULL;

	if (json != NULL && asprintf(&text, "%s\n", json) < 0)
		text = NULL;
	free(json);
	return text;
}

int generate_cdi(struct generate *g, struct cvio_error *err)
{
	json_t *spec = cdi_new();
	int r = generate_no_mount(g, "cdi", err);

	if (r == 0)
		r = generate_check_texts(g, "cdi", err);
	for (size_t i = 0; r == 0 && i < g->count; i++)
		r = cdi_add(&g->runs[i].plan, spec, err);
	if (r == 0)
		r = generate_add(g, "cvio.json", make_text(spec), GENERATE_DATA, err);
	json_decref(spec);
	return r;
}
