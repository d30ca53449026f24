/* SPDX-License-Identifier: BSD-3-Clause */
/* From the user's --port values to mounted folders and CVIO_PORTS. */
#pragma once

#include <sys/types.h>

#include "image/image.h"
#include "pmd/grammar/words.h"

struct cvio_error;

/* The ports of one container. */
struct ports {
	struct words folders; /* on the host, after symbolic links, without repetition */
	struct words targets; /* where each of them is mounted: the same path, or /run/cvio/N */
	struct words groups;  /* gids that the container needs to reach them, without repetition */
	struct words devices; /* the host's device nodes that it needs, without repetition */
	struct words wired;  /* ports for which there is something to do at start and end: wire.h */
	struct words inside; /* each port in the grammar, with its path inside the container */
	bool later;          /* set before: what is wrong with a socket now is told, and no error */
};

/**
 * Check that an image takes so many ports: MIN..MAX of its label. -EINVAL, CVIO_EXIT_CONFIG.
 */
int ports_check_count(
	size_t count, const struct contract *contract, const char *image, struct cvio_error *err);

/**
 * Parse and check each port on the host, and give its path inside.
 *
 * @param specs  in the port grammar
 * @param user   the container's; NULL: don't look at permissions
 * @param ports  filled in; zeroed before. To be freed whatever the result
 * @param err    which port, and what is wrong with it
 */
int ports_place(const struct words *specs, const struct image_user *user, struct ports *ports,
	struct cvio_error *err);

/** The value of CVIO_PORTS; owned by the caller, NULL without memory. */
char *ports_text(const struct ports *ports);

void ports_fini(struct ports *ports);
