/* SPDX-License-Identifier: BSD-3-Clause */
/* A layer of an image, entry by entry, from memory: ustar with GNU's and pax's long names. */
#pragma once

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* Where a reader stands. Start with data and size, the rest zero. */
struct tar {
	const uint8_t *data; /* borrowed */
	size_t size, at;
	char long_name[PATH_MAX]; /* for the next entry; "" none */
	uint64_t long_size;       /* for the next entry, if has_size */
	int has_size;
};

struct tar_entry {
	/* '0' a file, '1' a hard link, '2' a symbolic link, '5' a folder, and so on */
	char type;
	char path[PATH_MAX]; /* without "./", "/" before and "/" after it; "" is the root */
	char link[PATH_MAX]; /* a link's target as it stands; "" if it isn't one */
	unsigned int mode;   /* permissions with the set-user-id bits */
	const uint8_t *data; /* borrowed, size bytes */
	uint64_t size;
};

/**
 * Read the next entry.
 *
 * @return 1: there is one; 0: the end; -EINVAL: damaged, cut off, or a path goes up with ".."
 */
int tar_next(struct tar *tar, struct tar_entry *entry);
