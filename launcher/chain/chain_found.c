/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Labels are all that the launcher keeps about a chain, so that nothing can be at odds with the
 * containers: not after a killed launcher, not after a `podman rm` by hand.
 */
#include "chain/chain_found.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/names.h"
#include "state/container.h"

#define STOP_SECONDS "10" /* an application that ends by SIGTERM takes milliseconds */
#define STOP_TRIES 5

static void copy_string(char *to, size_t size, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	snprintf(to, size, "%s", text == NULL ? "" : text);
}

static void read_one(const json_t *json, struct chain_container_found *c)
{
	const json_t *labels = json_object_get(json, "Labels");
	char text[16];

	copy_string(c->id, sizeof(c->id), json, "Id");
	copy_string(c->container, sizeof(c->container), labels, CHAIN_LABEL_CONTAINER);
	copy_string(c->hash, sizeof(c->hash), labels, CHAIN_LABEL_HASH);
	copy_string(text, sizeof(text), labels, CHAIN_LABEL_LEVEL);
	c->level = (unsigned int)strtoul(text, NULL, 10);
	copy_string(text, sizeof(text), json, "State");
	c->running = strcmp(text, "running") == 0;
}

int chain_found_parse(const char *text, struct chain_found *found)
{
	json_t *json = json_loads(text, 0, NULL);
	const json_t *one;
	size_t i;

	*found = (struct chain_found){0};
	if (!json_is_array(json)) {
		json_decref(json);
		return -EINVAL;
	}
	found->list = calloc(json_array_size(json) + 1, sizeof(*found->list));
	if (found->list == NULL) {
		json_decref(json);
		return -ENOMEM;
	}
	json_array_foreach (json, i, one) {
		struct chain_container_found *c = &found->list[found->count];

		read_one(one, c);
		if (c->id[0] != '\0')
			found->count++;
	}
	json_decref(json);
	return 0;
}

int chain_found_load(const char *chain, struct chain_found *found, struct cvio_error *err)
{
	_capture_cleanup_ struct capture ps = {0};
	char filter[128];
	int r;

	*found = (struct chain_found){0};
	snprintf(filter, sizeof(filter), "--filter=label=" CHAIN_LABEL "=%s", chain);
	r = capture_runl(
		&ps, err, "podman", "ps", "--all", "--no-trunc", "--format=json", filter, NULL);
	if (r < 0)
		return r;
	if (ps.status == 0)
		r = chain_found_parse(ps.out, found);
	if (ps.status != 0 || r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
			"podman: ps: %.300s; try `podman ps --all`",
			ps.status != 0 ? capture_reason(&ps) : "its list can't be read");
	return 0;
}

static const struct chain_step *step_of(
	const struct chain_plan *plan, const struct chain_container_found *c)
{
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->steps[i].container->name, c->container) == 0)
			return &plan->steps[i];
	return NULL;
}

void chain_compare(const struct chain_plan *plan, struct chain_found *found, bool *start)
{
	for (size_t i = 0; i < plan->count; i++)
		start[i] = true;
	for (size_t i = 0; i < found->count; i++) {
		struct chain_container_found *c = &found->list[i];
		const struct chain_step *step = step_of(plan, c);

		c->stop = step == NULL || !c->running || strcmp(c->hash, step->hash) != 0;
		if (!c->stop)
			start[step - plan->steps] = false;
	}
}

/* The highest level of those that are marked and below a level; false when there is none. */
static bool next_level(const struct chain_found *found, unsigned int below, unsigned int *level)
{
	bool any = false;

	for (size_t i = 0; i < found->count; i++) {
		const struct chain_container_found *c = &found->list[i];

		if (c->stop && c->level < below && (!any || c->level > *level)) {
			*level = c->level;
			any = true;
		}
	}
	return any;
}

static int remove_once(const struct words *argv, const char *who, struct cvio_error *err)
{
	_capture_cleanup_ struct capture rm = {0};
	int r = capture_run(argv, -1, &rm, err);

	if (r < 0 || rm.status == 0)
		return r;
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
		"%s: podman: %.300s; try it again, or `podman rm --force` by hand", who,
		capture_reason(&rm));
}

/* What a podman that was killed has begun to mount is busy until its children have ended. */
static int stop_level(const struct chain_found *found, unsigned int level, const char *who,
	struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	int r = shell_split("podman rm --force --ignore --time=" STOP_SECONDS " --", &argv);

	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].stop && found->list[i].level == level)
			words_add(&argv, found->list[i].id);
	r = r == 0 ? remove_once(&argv, who, err) : r;
	for (int i = 0; i < STOP_TRIES && r == -EIO; i++) {
		container_pause();
		r = remove_once(&argv, who, err);
	}
	if (r < 0)
		return r;
	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].stop && found->list[i].level == level)
			fprintf(stderr, "cvio: %s: %s: stopped\n", who, found->list[i].container);
	return 0;
}

int chain_found_stop(const struct chain_found *found, const char *who, struct cvio_error *err)
{
	unsigned int level, below = UINT_MAX;
	int r = 0;

	while (r == 0 && next_level(found, below, &level)) {
		r = stop_level(found, level, who, err);
		below = level;
	}
	return r;
}

void chain_found_fini(struct chain_found *found)
{
	free(found->list);
	*found = (struct chain_found){0};
}
