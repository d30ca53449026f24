/* SPDX-License-Identifier: BSD-3-Clause */
/* The containers of a chain that are there already, by their labels, and what is to be done with
 * them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "chain/chain_plan.h"

struct chain_container_found {
	char id[80];
	char container[CHAIN_NAME_MAX + 1]; /* its name in the chain */
	char hash[SHA256_TEXT];             /* "" when it has none: then it is none of ours */
	unsigned int level;
	bool running;
	bool stop; /* chain_compare(): it goes */
};

struct chain_found {
	struct chain_container_found *list;
	size_t count;
};

/** Parse the JSON of `podman ps --all`. -EINVAL if it isn't that, or -ENOMEM. */
int chain_found_parse(const char *json, struct chain_found *found);

/** Ask podman for a chain's containers, whatever state they are in. */
int chain_found_load(const char *chain, struct chain_found *found, struct cvio_error *err);

/**
 * What differs between what there is and what there should be.
 *
 * A container stays if it runs and was started with the same hash. All others go.
 *
 * @param found  `stop` is filled in
 * @param start  an element for each step; filled in: whether it is to be started
 */
void chain_compare(const struct chain_plan *plan, struct chain_found *found, bool *start);

/**
 * Stop and remove those that are marked, those of higher levels first, with a line for each. That a
 * container is gone by now is as good.
 *
 * @param who  the subcommand, for the lines
 */
int chain_found_stop(const struct chain_found *found, const char *who, struct cvio_error *err);

void chain_found_fini(struct chain_found *found);

#define _chain_found_cleanup_ __attribute__((cleanup(chain_found_fini)))
