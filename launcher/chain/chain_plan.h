/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a chain is on this host: which container has which ports, which starts before which, and the
 * `cvio run` of each. Pure: it touches nothing.
 */
#pragma once

#include "base/digest.h"
#include "chain/chain.h"
#include "image/image.h"

#define CHAIN_PATH_MAX 512

struct chain_step {
	const struct chain_container *container; /* borrowed from the chain */
	unsigned int level;                      /* 0: needs no other one */
	struct words ports;                      /* in the port grammar, in the links' order */
	char hash[SHA256_TEXT];                  /* filled in by chain_step_hash() */
	struct image_user user;                  /* filled in by who looks at the image */
};

struct chain_plan {
	const struct chain *chain; /* borrowed */
	struct chain_step *steps;  /* in the order to start in; as many as there are containers */
	size_t count;
	struct words folders; /* paths of the links' own folders */
};

/**
 * Make the plan.
 *
 * Both ends of a link meet at a socket in a folder of the link's own below `folder`, so that a
 * container sees nothing of other links.
 *
 * @param chain   borrowed for as long as the plan lives
 * @param folder  the chain's
 * @param plan    filled in; to be freed whatever the result
 * @param err     -EINVAL, CVIO_EXIT_CONFIG: a link's options are wrong, a container has too many
 *                ports, or containers wait for each other in a circle
 */
int chain_plan_make(const struct chain *chain, const char *folder, struct chain_plan *plan,
	struct cvio_error *err);

/**
 * Fill in the step's hash: of its command and of its image's ID. Two steps with the same hash are
 * the same container.
 *
 * @return 0 or -ENOMEM
 */
int chain_step_hash(const struct chain_plan *plan, struct chain_step *step, const char *image_id);

/**
 * The words of its `cvio run`, from "run" on.
 *
 * @param labels  with the labels by which the chain finds it again, which its hash must be in
 */
void chain_step_command(const struct chain_plan *plan, const struct chain_step *step, bool labels,
	struct words *argv);

/** Whose image makes the socket in a link's folder: an index into the steps. */
size_t chain_plan_maker(const struct chain_plan *plan, size_t folder);

void chain_plan_fini(struct chain_plan *plan);

#define _chain_plan_cleanup_ __attribute__((cleanup(chain_plan_fini)))
