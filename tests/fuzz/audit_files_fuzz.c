/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as two layers, one over the other. What is left lies within them, and has paths that
 * can't lead out of the image. A header's checksum is mended first: no fuzzer guesses it.
 */
#include "build/audit_files.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>

#define BLOCK 512

static void mend_checksums(uint8_t *data, size_t size)
{
	for (size_t at = 0; at + BLOCK <= size; at += BLOCK) {
		unsigned int sum = 0;

		if (memcmp(data + at + 257, "ustar", 5) != 0)
			continue;
		memset(data + at + 148, ' ', 8);
		for (size_t i = 0; i < BLOCK; i++)
			sum += data[at + i];
		snprintf((char *)data + at + 148, 8, "%06o", sum);
	}
}

static void check_file(const struct image_file *f, const uint8_t *data, size_t size)
{
	CHECK(f->path[0] != '/' && f->path[strlen(f->path) - (f->path[0] != '\0')] != '/');
	CHECK(strncmp(f->path, "../", 3) != 0 && strstr(f->path, "/../") == NULL);
	CHECK(strcmp(f->path, "..") != 0);
	if (f->link == NULL && f->size > 0)
		CHECK(f->data >= data && f->size <= (size_t)(data + size - f->data));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	uint8_t *data = (uint8_t *)fuzz_text(input, size);
	struct image_files files = {0};
	size_t half = size / 2 / BLOCK * BLOCK;
	int r;

	mend_checksums(data, size);
	r = image_files_add(&files, data, half);
	if (r == 0)
		r = image_files_add(&files, data + half, size - half);
	CHECK(r == 0 || r == -EINVAL);
	for (size_t i = 0; i < files.count; i++) {
		check_file(&files.list[i], data, size);
		CHECK(image_files_find(&files, files.list[i].path) != NULL);
	}
	image_files_fini(&files);
	free(data);
	return 0;
}
