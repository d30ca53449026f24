/* SPDX-License-Identifier: BSD-3-Clause */
/* A header byte by byte, its limits, and the size read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bundle/bundle_tar.h"

static const struct {
	const char *name;
	uint64_t size;
	unsigned int mode;
	const char *size_text, *mode_text;
} good[] = {
	{"a", 0, 0644, "00000000000", "0000644"},
	{"bin/cvio", 1, 0755, "00000000001", "0000755"},
	{"oci/blobs/sha256/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 511,
		0644, "00000000777", "0000644"},
	{"b", TAR_SIZE_MAX, 0644, "77777777777", "0000644"},
};

/* The sum as a reader makes it: all bytes, its own field as spaces. */
static unsigned int sum(const uint8_t *block)
{
	unsigned int total = 8 * ' ';

	for (int i = 0; i < TAR_BLOCK; i++)
		total += i >= 148 && i < 156 ? 0 : block[i];
	return total;
}

static void test_good(void **state)
{
	uint8_t block[TAR_BLOCK];
	uint64_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		unsigned int stored = 0;

		assert_int_equal(
			tar_header_make(block, good[i].name, good[i].size, good[i].mode), 0);
		assert_string_equal((char *)block, good[i].name);
		assert_string_equal((char *)block + 100, good[i].mode_text);
		assert_string_equal((char *)block + 108, "0000000");
		assert_string_equal((char *)block + 124, good[i].size_text);
		assert_string_equal((char *)block + 136, "00000000000");
		assert_memory_equal(block + 156, "0", 2);
		assert_memory_equal(block + 257, "ustar\00000", 8);
		for (int k = 0; k < 6; k++)
			stored = stored * 8 + (unsigned int)(block[148 + k] - '0');
		assert_int_equal(stored, sum(block));
		assert_memory_equal(block + 154, "\0 ", 2);
		assert_int_equal(tar_header_size(block, &size), 0);
		assert_int_equal(size, good[i].size);
	}
}

static void test_refused(void **state)
{
	char name[TAR_NAME_MAX + 2];
	uint8_t block[TAR_BLOCK];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[TAR_NAME_MAX + 1] = '\0';
	assert_true(tar_header_make(block, "", 0, 0644) < 0);
	assert_true(tar_header_make(block, name, 0, 0644) < 0);
	assert_true(tar_header_make(block, name + 1, 0, 0644) == 0);
	assert_true(tar_header_make(block, "a", TAR_SIZE_MAX + 1, 0644) < 0);
	assert_true(tar_header_make(block, "a", 0, 04755) < 0);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *field; /* twelve bytes */
		int r;
	} fields[] = {
		{"00000000010\0", 0},
		{"00000000018\0", -1},
		{"0000000001 \0", -1},
		{" 0000000010\0", -1},
		{"000000000100", -1},
		{"\200\0\0\0\0\0\0\0\0\0\0\1", -1}, /* GNU's binary sizes */
		{"\0\0\0\0\0\0\0\0\0\0\0\0", -1},
	};
	uint8_t block[TAR_BLOCK] = {0};
	uint64_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		memcpy(block + 124, fields[i].field, 12);
		assert_int_equal(tar_header_size(block, &size) < 0 ? -1 : 0, fields[i].r);
	}
	assert_int_equal(tar_padding(0), 0);
	assert_int_equal(tar_padding(1), 511);
	assert_int_equal(tar_padding(512), 0);
	assert_int_equal(tar_padding(513), 511);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
