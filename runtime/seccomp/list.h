/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An annotated list of system calls. After a head of comment lines it consists of the sections
 * `[process]` (what an image's own process calls), `[engine]` (what only the container engine
 * calls before it) and `[aarch64]` (in place of what that lacks). Each is there at most once and
 * has at least one entry; entries are sorted, and none stands in two:
 *
 *     name  # reason
 */
#pragma once

#include <jansson.h>

/**
 * Read a list. What is wrong with it is said on stderr, as PATH:LINE: TEXT.
 *
 * @param path  borrowed, not NULL
 * @return      an object of the caller's own, from each name to the line that it stands in, in the
 * list's order; NULL if the list can't be read or is not as it should be
 */
json_t *list_load(const char *path);
