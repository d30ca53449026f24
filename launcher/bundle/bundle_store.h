/* SPDX-License-Identifier: BSD-3-Clause */
/* The container storage, as podman lists it, and an OCI layout on its way out of it or into it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bundle/bundle_work.h"

struct json_t;

/** `podman images`: what is in the storage, as JSON; owned by the caller. */
int store_list(const struct bundle_work *work, struct json_t **images, struct cvio_error *err);

/** The id of the image with a full name, or NULL; borrowed from the list. */
const char *store_id_of(const struct json_t *images, const char *name);

/** Whether the storage has an image with this id. */
bool store_has_id(const struct json_t *images, const char *id);

/**
 * The full name of an image that a user named: with ":latest" if there is no tag, with "localhost/"
 * if only that is in the storage.
 *
 * @return  allocated; NULL: there is none, with an error
 */
char *store_full_name(const struct json_t *images, const char *name, struct cvio_error *err);

/**
 * Export images to an OCI layout and describe them as bundle.json does.
 *
 * @param names   full names, sorted
 * @param folder  gets oci/
 * @param out     a new array, see bundle_index.h
 */
int store_export(const struct bundle_work *work, const struct json_t *images,
	const struct words *names, const char *folder, struct json_t **out, struct cvio_error *err);

/**
 * The name by which a variant is asked for: the image's own; in a list the first of its other
 * names, or one made from its platform if it has none.
 *
 * @return  allocated, or NULL without memory
 */
char *variant_name(const struct json_t *image, const struct json_t *variant);

/** Import what a bundle's index lists from folder/oci: all of it, or nothing. */
int store_import(const struct bundle_work *work, const struct json_t *images, const char *folder,
	struct cvio_error *err);
