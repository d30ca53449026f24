/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The container with the backend of a link starts before the one with the frontend, whichever of
 * them makes the socket: a backend is ready without its frontend, but a frontend isn't without its
 * backend. A backend that is the client tries to connect once a second.
 */
#include "chain/chain_plan.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "pmd/grammar/port_spec.h"

#define LEVEL_UNKNOWN UINT32_MAX

static int no_memory(struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
}

static int add_port(const struct chain_plan *plan, const struct chain_link *link, size_t index,
	const struct port_spec *port, struct cvio_error *err)
{
	struct words *ports = &plan->steps[index].ports;
	char text[PORT_TEXT_LEN];

	if (ports->count == PORT_MAX)
		return chain_error(err, plan->chain->file, link->place,
			"links: %s: has more than %d ports; leave links out",
			plan->chain->containers[index].name, PORT_MAX);
	if (port_spec_format(port, text, sizeof(text)) < 0)
		return no_memory(err);
	words_add(ports, text);
	return ports->failed ? no_memory(err) : 0;
}

/* The socket's path; a link between containers has it in a folder of its own. */
static int link_path(struct chain_plan *plan, const struct chain_link *link, const char *folder,
	char *path, size_t size)
{
	const struct chain *chain = plan->chain;
	char own[CHAIN_PATH_MAX];

	if (link->socket != NULL)
		return snprintf(path, size, "%s", link->socket) < (int)size ? 0 : -ENAMETOOLONG;
	snprintf(own, sizeof(own), "%s/%s-%zu", folder, chain->containers[link->from].name,
		plan->steps[link->from].ports.count);
	words_add(&plan->folders, own);
	return snprintf(path, size, "%s/port.sock", own) < (int)size ? 0 : -ENAMETOOLONG;
}

static int plan_link(struct chain_plan *plan, const struct chain_link *link, const char *folder,
	struct cvio_error *err)
{
	const char *kind = link->from == CHAIN_NOBODY ? "vhost-backend" : "vhost-user";
	char path[PATH_MAX], text[2 * PATH_MAX];
	struct cvio_error why = {0};
	struct port_spec port;
	int r = link_path(plan, link, folder, path, sizeof(path));

	if (r == 0 && (link->socket != NULL && strchr(link->socket, ',') != NULL))
		return chain_error(err, plan->chain->file, link->place,
			"links: socket: %.100s: has a comma; rename it, or write options: for what "
			"follows a path",
			link->socket);
	if (r == 0)
		r = snprintf(text, sizeof(text), "%s:%s%s%s", kind, path,
			    link->options != NULL ? "," : "",
			    link->options != NULL ? link->options : "") < (int)sizeof(text)
			    ? 0
			    : -ENAMETOOLONG;
	if (r < 0)
		return chain_error(err, plan->chain->file, link->place,
			"links: socket and options: are too long; shorten them");
	if (port_spec_parse(text, &port, &why) < 0)
		return chain_error(err, plan->chain->file, link->place, "links: %s", why.text);
	r = add_port(plan, link, link->from == CHAIN_NOBODY ? link->to : link->from, &port, err);
	if (r < 0 || link->socket != NULL)
		return r;
	/* the other end of it: of the options, what both must agree on */
	port = (struct port_spec){.kind = PORT_VHOST_BACKEND,
		.server = !port.server,
		.queues = port.queues,
		.wait = PORT_WAIT_DEFAULT};
	snprintf(port.path, sizeof(port.path), "%s", path);
	return add_port(plan, link, link->to, &port, err);
}

/* Of the link, both ends are in the chain and the backend's has no level yet. */
static bool waits(const struct chain_plan *plan, const struct chain_link *link)
{
	return link->from != CHAIN_NOBODY && link->to != CHAIN_NOBODY &&
	       plan->steps[link->to].level == LEVEL_UNKNOWN;
}

/* Whom a container waits for that has no level; itself if nobody. */
static size_t waits_for(const struct chain_plan *plan, size_t index)
{
	for (size_t i = 0; i < plan->chain->link_count; i++)
		if (plan->chain->links[i].from == index && waits(plan, &plan->chain->links[i]))
			return plan->chain->links[i].to;
	return index;
}

/* One whom only containers without a level lead to: after as many steps as there are containers the
 * walk is in the circle. */
static int circle(const struct chain_plan *plan, struct cvio_error *err)
{
	const struct chain *chain = plan->chain;
	size_t at = 0, first;
	char names[200];
	int used;

	while (plan->steps[at].level != LEVEL_UNKNOWN)
		at++;
	for (size_t i = 0; i < plan->count; i++)
		at = waits_for(plan, at);
	first = at; /* of the circle, the one that the file has first */
	for (size_t i = waits_for(plan, at); i != at; i = waits_for(plan, i))
		first = i < first ? i : first;
	at = first;
	used = snprintf(names, sizeof(names), "%s", chain->containers[at].name);
	do {
		at = waits_for(plan, at);
		if (used < (int)sizeof(names))
			used += snprintf(names + used, sizeof(names) - (size_t)used, " to %s",
				chain->containers[at].name);
	} while (at != first);
	return chain_error(err, chain->file, chain->containers[first].place,
		"links: from %s: each would start after the next; turn one link round", names);
}

static bool makes(const struct chain_step *step, const char *folder)
{
	struct port_spec port;

	for (size_t i = 0; i < step->ports.count; i++) {
		const char *slash;

		if (port_spec_parse(step->ports.list[i], &port, NULL) < 0 || !port.server)
			continue;
		slash = strrchr(port.path, '/');
		if (strlen(folder) == (size_t)(slash - port.path) &&
			strncmp(port.path, folder, strlen(folder)) == 0)
			return true;
	}
	return false;
}

size_t chain_plan_maker(const struct chain_plan *plan, size_t folder)
{
	for (size_t i = 0; i < plan->count; i++)
		if (makes(&plan->steps[i], plan->folders.list[folder]))
			return i;
	return 0; /* not reached: one end of each link is the server */
}

/* A level is one more than the highest that the container has a frontend to. */
static int set_levels(struct chain_plan *plan, struct cvio_error *err)
{
	size_t done = 0, before;

	for (size_t i = 0; i < plan->count; i++)
		plan->steps[i].level = LEVEL_UNKNOWN;
	for (unsigned int level = 0; done < plan->count; level++) {
		bool now[CHAIN_CONTAINERS_MAX] = {false};

		before = done;
		for (size_t i = 0; i < plan->count; i++)
			now[i] = plan->steps[i].level == LEVEL_UNKNOWN && waits_for(plan, i) == i;
		for (size_t i = 0; i < plan->count; i++)
			if (now[i]) {
				plan->steps[i].level = level;
				done++;
			}
		if (done == before)
			return circle(plan, err);
	}
	return 0;
}

/* By level, within it in the file's order, which the addresses tell. */
static int compare_steps(const void *a, const void *b)
{
	const struct chain_step *x = a, *y = b;

	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return x->container < y->container ? -1 : 1;
}

int chain_plan_make(const struct chain *chain, const char *folder, struct chain_plan *plan,
	struct cvio_error *err)
{
	int r = 0;

	*plan = (struct chain_plan){.chain = chain};
	plan->steps = calloc(chain->container_count + 1, sizeof(*plan->steps));
	if (plan->steps == NULL)
		return no_memory(err);
	plan->count = chain->container_count;
	for (size_t i = 0; i < plan->count; i++)
		plan->steps[i].container = &chain->containers[i];
	for (size_t i = 0; r == 0 && i < chain->link_count; i++)
		r = plan_link(plan, &chain->links[i], folder, err);
	if (r == 0)
		r = plan->folders.failed ? no_memory(err) : set_levels(plan, err);
	if (r == 0)
		qsort(plan->steps, plan->count, sizeof(*plan->steps), compare_steps);
	return r;
}

void chain_plan_fini(struct chain_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		words_fini(&plan->steps[i].ports);
	free(plan->steps);
	words_fini(&plan->folders);
	*plan = (struct chain_plan){0};
}
