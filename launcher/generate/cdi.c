/* SPDX-License-Identifier: BSD-3-Clause */
#include "generate/cdi.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"

/* The lowest that has what is used: an engine refuses what is newer than itself. */
#define VERSION "0.3.0"
#define VERSION_GROUPS "0.7.0" /* additionalGids */

json_t *cdi_new(void)
{
	return json_pack("{s:s, s:s, s:[]}", "cdiVersion", VERSION, "kind", CDI_KIND, "devices");
}

static int check_name(const char *name, struct cvio_error *err)
{
	if (isalpha((unsigned char)name[0]))
		return 0;
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"generate cdi: %.80s: a device's name begins with a letter; choose another: --name",
		name);
}

static void add_variable(json_t *env, const char *name, const char *value)
{
	if (value != NULL)
		json_array_append_new(env, json_sprintf("%s=%s", name, value));
}

static json_t *environment(const struct run_plan *plan)
{
	json_t *env = json_array();

	add_variable(env, "CVIO_PORTS", plan->ports);
	add_variable(env, "CVIO_MEMORY", plan->memory);
	add_variable(env, "CVIO_LCORES", plan->lcores);
	return env;
}

static json_t *mounts(const struct run_plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->folders->count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:[s, s, s, s, s]}", "hostPath",
				plan->folders->list[i], "containerPath", plan->targets->list[i],
				"options", "bind", "rw", "nosuid", "nodev", "noexec"));
	return list;
}

static json_t *groups(const struct words *gids)
{
	json_t *list = json_array();

	for (size_t i = 0; i < gids->count; i++)
		json_array_append_new(list, json_integer(strtoll(gids->list[i], NULL, 10)));
	return list;
}

int cdi_add(const struct run_plan *plan, json_t *spec, struct cvio_error *err)
{
	json_t *edits, *device;
	int r = check_name(plan->name, err);

	if (r < 0)
		return r;
	edits = json_pack("{s:o, s:o}", "env", environment(plan), "mounts", mounts(plan));
	if (plan->groups != NULL && plan->groups->count > 0) {
		json_object_set_new(edits, "additionalGids", groups(plan->groups));
		json_object_set_new(spec, "cdiVersion", json_string(VERSION_GROUPS));
	}
	device = json_pack("{s:s, s:o}", "name", plan->name, "containerEdits", edits);
	if (json_array_append_new(json_object_get(spec, "devices"), device) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
	return 0;
}
