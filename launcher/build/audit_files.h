/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of an image: its layers, one over the other. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct image_file {
	char *path; /* without a leading "/"; owned */
	char *link; /* a symbolic link's target; NULL for a file; owned */
	unsigned int mode;
	const uint8_t *data; /* borrowed from the layer */
	size_t size;
};

/* Zeroed is empty. */
struct image_files {
	struct image_file *list; /* files and symbolic links, sorted by path after the last layer */
	size_t count;
};

/**
 * Put a layer over those before: its files replace, its whiteouts remove.
 *
 * @param layer  a tar file in memory, borrowed for as long as the files are used
 * @return       0, -EINVAL (not a whole tar file), -ENOMEM
 */
int image_files_add(struct image_files *files, const uint8_t *layer, size_t size);

/** Find a file by its path, with a leading "/" or without; symbolic links aren't followed. */
const struct image_file *image_files_find(const struct image_files *files, const char *path);

void image_files_fini(struct image_files *files);
