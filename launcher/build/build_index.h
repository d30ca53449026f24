/* SPDX-License-Identifier: BSD-3-Clause */
/* The image index over the variants of several CPUs. */
#pragma once

struct build_options;
struct cvio_error;

#define BUILD_ANY "any" /* the tag of the lowest amd64 variant once more */

/**
 * The CPU whose image any amd64 machine is to find: the lowest level among those that are built;
 * NULL if there is none, or if only one CPU is built for.
 */
const char *build_index_any(const struct build_options *options);

/** Remove a name if it is an index's; an image with that name stays. */
void build_index_discard(const char *name);

/**
 * Make the index of images that are in the storage under their variants' names. What had its name
 * before loses it.
 */
int build_index(const struct build_options *options, struct cvio_error *err);
