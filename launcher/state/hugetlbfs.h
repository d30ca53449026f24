/* SPDX-License-Identifier: BSD-3-Clause */
/* A hugetlbfs for one container. */
#pragma once

#include <stddef.h>

#include "pmd/grammar/memory_spec.h"

struct cvio_error;
struct image_user;

/**
 * The options that it is mounted with, as mount(8) takes them.
 *
 * @param spec  with its size
 * @param user  whose it is; NULL: open to all, for only the container gets there
 * @param buf   128 bytes are enough
 */
void hugetlbfs_options(
	const struct memory_spec *spec, const struct image_user *user, char *buf, size_t len);

/**
 * Mount it. Its pages are set aside, so that the container can't find them taken later.
 *
 * @param path  a folder
 * @param err   -ENOMEM, CVIO_EXIT_MEMORY: too few pages; else CVIO_EXIT_SOFTWARE
 */
int hugetlbfs_mount(const char *path, const struct memory_spec *spec, const struct image_user *user,
	struct cvio_error *err);
