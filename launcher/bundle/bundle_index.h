/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bundle.json: what a bundle holds. The signature covers this text and the text covers every other
 * member, so whatever is read from it counts as true once the signature has been checked. It is
 * checked for form all the same: names become paths and arguments.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

struct json_t;

#define BUNDLE_FORMAT 1
#define BUNDLE_DIGEST_MAX (sizeof("sha256:") - 1 + SHA256_TEXT) /* with the end */

/* A file; strings are borrowed from the JSON. */
struct bundle_member {
	const char *name; /* a relative path in which nothing leads upwards */
	const char *sha256;
	uint64_t size;
	unsigned int mode; /* 0644 or 0755 */
};

struct bundle_index {
	struct json_t *json;           /* owned */
	struct bundle_member *members; /* in the bundle; owned, sorted by name */
	size_t count;
	struct bundle_member *taken; /* to be taken from the base; owned, sorted by name */
	size_t taken_count;
	const char *base; /* "sha256:HEX" of the base's bundle.json; NULL: a full bundle */
	const struct json_t *images; /* see below */
};

/*
 * An image: {"name": "localhost/cvio/l2fwd:multi", "digest": "sha256:…", "list": true, "variants":
 * [{"digest", "id", "architecture", "os", "variant", "names": [other names of this one]}]}. An
 * image that isn't a list has itself as its only variant.
 */

/**
 * Read and check the text of a bundle.json.
 *
 * @param text  len bytes, which may be anything
 * @param why   where to put the reason of a refusal; static text
 * @return      0; -EINVAL: it isn't a bundle's index, or one of another format; or -ENOMEM. The
 * index is empty then.
 */
int bundle_index_parse(const char *text, size_t len, struct bundle_index *index, const char **why);

void bundle_index_fini(struct bundle_index *index);

/** Find a member that is in the bundle; NULL if it isn't. */
const struct bundle_member *bundle_index_find(const struct bundle_index *index, const char *name);

/**
 * The text of an index: one line a member, so that sed and sha256sum can check a bundle as well.
 *
 * @return  allocated text, or NULL without memory
 */
char *bundle_index_format(const struct json_t *json);

#define _bundle_index_cleanup_ __attribute__((cleanup(bundle_index_fini)))
