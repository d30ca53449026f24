/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An annotated list of system calls. After a head of comment lines it consists of sections:
 * `[process]` (what an image's own process calls), `[ordinary]` (what programs call besides),
 * `[engine]` (what only the container engine calls before it), `[aarch64]` (in place of what that
 * lacks) and `[forbidden]` (what is refused as such, instead of being unknown). Each is there at
 * most once and has at least one entry; entries are sorted, and none stands in two:
 *
 *     name  # reason
 */
#pragma once

#include <jansson.h>

/* Each is an object from a name to the line that it stands in, in the list's order. */
struct call_list {
	json_t *allowed;
	json_t *forbidden;
};

/**
 * Read a list. What is wrong with it is said on stderr, as PATH:LINE: TEXT.
 *
 * @param path  borrowed, not NULL
 * @param list  filled in; the caller's to give to list_fini(), after a failure as well
 * @return      0, or a negative errno if the list can't be read or is not as it should be
 */
int list_load(const char *path, struct call_list *list);

/** Free what list_load() has filled in. */
void list_fini(struct call_list *list);
