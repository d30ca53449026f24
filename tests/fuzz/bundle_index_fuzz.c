/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a bundle.json: what is accepted has safe names in order, and is the same once
 * written and read again. */
#include <jansson.h>

#include "bundle/bundle_index.h"
#include "bundle/bundle_tar.h"
#include "tests/fuzz/fuzz.h"

static void check_member(const struct bundle_member *m, const struct bundle_member *before)
{
	uint8_t block[TAR_BLOCK];
	uint64_t size;

	CHECK(m->name[0] != '/' && m->name[0] != '\0' && strstr(m->name, "..") != m->name);
	CHECK(strstr(m->name, "/../") == NULL && strstr(m->name, "//") == NULL);
	CHECK(strlen(m->sha256) == (SHA256_TEXT - 1));
	CHECK(before == NULL || strcmp(before->name, m->name) < 0);
	CHECK(tar_header_make(block, m->name, m->size, m->mode) == 0);
	CHECK(tar_header_size(block, &size) == 0 && size == m->size);
}

static void check_good(const struct bundle_index *index)
{
	char *text = bundle_index_format(index->json);
	struct bundle_index again;
	const char *why;

	CHECK(text != NULL);
	CHECK(bundle_index_parse(text, strlen(text), &again, &why) == 0);
	CHECK(again.count == index->count && again.taken_count == index->taken_count);
	for (size_t i = 0; i < index->count; i++) {
		check_member(&index->members[i], i > 0 ? &index->members[i - 1] : NULL);
		CHECK(bundle_index_find(index, index->members[i].name) == &index->members[i]);
	}
	for (size_t i = 0; i < index->taken_count; i++)
		check_member(&index->taken[i], i > 0 ? &index->taken[i - 1] : NULL);
	bundle_index_fini(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bundle_index index;
	const char *why = NULL;

	if (bundle_index_parse((const char *)data, size, &index, &why) == 0)
		check_good(&index);
	else
		CHECK(why != NULL && index.json == NULL && index.members == NULL);
	bundle_index_fini(&index);
	return 0;
}
