/* SPDX-License-Identifier: BSD-3-Clause */
/* An image index holds an image for each CPU level; podman takes the lowest, we the best. */
#pragma once

#include <stdbool.h>

#include "image/image.h"

struct cvio_error;

struct variant {
	bool of_index;    /* the name is an index's; else the rest is empty */
	char id[80];      /* of the chosen image, which podman takes in place of a name */
	char level[24];   /* what it is for: "x86-64-v3" */
	char levels[128]; /* what the index has, separated by spaces */
};

/**
 * image_load(), and where the name is an index's, of the image in it that suits this CPU best.
 *
 * @param variant  filled in
 * @param err      not NULL; as image_load(); -EINVAL, LAUNCHER_EXIT_UNFIT: the index has none for
 * this CPU
 */
int variant_load(
	const char *name, struct image *image, struct variant *variant, struct cvio_error *err);

/**
 * The choice itself.
 *
 * @param name    the index's, for messages
 * @param index   JSON of `podman manifest inspect`
 * @param images  JSON of `podman images --all --digests`: what is in the storage
 * @param cpu     the highest level that the CPU has
 * @param err     -EINVAL, LAUNCHER_EXIT_UNFIT: none is for the CPU; -ENOENT,
 * LAUNCHER_EXIT_NO_IMAGE: those that are aren't in the storage; -EINVAL, CVIO_EXIT_SOFTWARE: not
 * such JSON
 */
int variant_choose(const char *name, const char *index, const char *images, const char *cpu,
	struct variant *variant, struct cvio_error *err);
