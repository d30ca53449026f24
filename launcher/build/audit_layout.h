/* SPDX-License-Identifier: BSD-3-Clause */
/* An image of the local storage as the files, the configuration and the sizes that it is made of.
 */
#pragma once

#include <stdint.h>

#include "build/audit_files.h"

struct cvio_error;
struct json_t;

#define LAYOUT_DIGEST 72 /* "sha256:", 64 digits and the end */

struct layout_map {
	void *data;
	size_t size;
};

/* An OCI layout in a temporary folder, which layout_fini() removes. Zeroed is empty. */
struct layout {
	char folder[64];
	struct json_t *manifest, *config; /* owned */
	char id[LAYOUT_DIGEST];           /* of the configuration: the image's id */
	struct image_files files;
	uint64_t size;           /* bytes of the layers */
	uint64_t compressed;     /* bytes that a registry would store */
	struct layout_map *maps; /* of the layers */
	size_t map_count;
};

/**
 * Copy an image out of the storage and read it.
 *
 * @param name    as podman knows it
 * @param sig_fd  a signalfd that ends the wait, or -1
 * @param err     -ENOENT, LAUNCHER_EXIT_NO_IMAGE: no such image; -EINVAL, LAUNCHER_EXIT_UNFIT: a
 *                layer or a description can't be read; or skopeo's own reason
 */
int layout_load(const char *name, int sig_fd, struct layout *layout, struct cvio_error *err);

/** A label's value, borrowed; NULL without it. */
const char *layout_label(const struct layout *layout, const char *label);

void layout_fini(struct layout *layout);

#define _layout_cleanup_ __attribute__((cleanup(layout_fini)))
