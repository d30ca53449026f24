/* SPDX-License-Identifier: BSD-3-Clause */
/* Where ustar's fields are: IEEE 1003.1, pax, "ustar Interchange Format". */
#include "bundle/bundle_tar.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	AT_NAME = 0,
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_CHECKSUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_MAJOR = 329,
	AT_MINOR = 337,
};

#define SIZE_DIGITS 11

/* Digits and a zero byte, which the zeroed block has already. */
static void octal(uint8_t *field, int digits, uint64_t value)
{
	for (int i = digits - 1; i >= 0; i--) {
		field[i] = (uint8_t)('0' + (value & 7));
		value >>= 3;
	}
}

int tar_header_make(uint8_t block[TAR_BLOCK], const char *name, uint64_t size, unsigned int mode)
{
	size_t len = strlen(name);
	unsigned int sum = 0;

	if (len == 0 || len > TAR_NAME_MAX || size > TAR_SIZE_MAX || (mode & ~0777U) != 0)
		return -EINVAL;
	memset(block, 0, TAR_BLOCK);
	memcpy(block + AT_NAME, name, len);
	octal(block + AT_MODE, 7, mode);
	octal(block + AT_UID, 7, 0);
	octal(block + AT_GID, 7, 0);
	octal(block + AT_SIZE, SIZE_DIGITS, size);
	octal(block + AT_MTIME, 11, 0);
	octal(block + AT_MAJOR, 7, 0);
	octal(block + AT_MINOR, 7, 0);
	block[AT_TYPE] = '0';
	memcpy(block + AT_MAGIC, "ustar\00000", 8);
	/* the sum takes its own field for spaces */
	memset(block + AT_CHECKSUM, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	octal(block + AT_CHECKSUM, 6, sum);
	block[AT_CHECKSUM + 6] = '\0';
	return 0;
}

int tar_header_size(const uint8_t block[TAR_BLOCK], uint64_t *size)
{
	uint64_t value = 0;

	for (int i = 0; i < SIZE_DIGITS; i++) {
		uint8_t c = block[AT_SIZE + i];

		if (c < '0' || c > '7')
			return -EINVAL;
		value = value << 3 | (uint64_t)(c - '0');
	}
	if (block[AT_SIZE + SIZE_DIGITS] != '\0')
		return -EINVAL;
	*size = value;
	return 0;
}

unsigned int tar_padding(uint64_t size)
{
	return (unsigned int)(-size % TAR_BLOCK);
}
