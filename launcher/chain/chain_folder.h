/* SPDX-License-Identifier: BSD-3-Clause */
/* A chain's folder of sockets, which is its lock as well. */
#pragma once

#include "chain/chain_plan.h"

struct chain_folder {
	char path[CHAIN_PATH_MAX - 2 * CHAIN_NAME_MAX];
	int fd; /* owned, locked; -1 when it isn't open */
};

#define CHAIN_FOLDER_INIT ((struct chain_folder){.fd = -1})

/** Fill in the path: /run/cvio/chain-NAME, for others than root below XDG_RUNTIME_DIR. */
int chain_folder_path(const char *chain, struct chain_folder *folder, struct cvio_error *err);

/**
 * Make it, unless it is there, and lock it.
 *
 * @param err  -EBUSY, CVIO_EXIT_UNAVAILABLE: another `cvio up` or `down` is at work on the chain
 */
int chain_folder_open(struct chain_folder *folder, const char *chain, struct cvio_error *err);

/** Make the links' folders, and remove those that the plan doesn't have. */
int chain_folder_fill(
	const struct chain_folder *folder, const struct chain_plan *plan, struct cvio_error *err);

/** Remove it with all that is in it. */
void chain_folder_remove(const struct chain_folder *folder);

/** Give up the lock. */
void chain_folder_fini(struct chain_folder *folder);

#define _chain_folder_cleanup_ __attribute__((cleanup(chain_folder_fini)))
