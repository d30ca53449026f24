/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one form of tar (POSIX ustar) that a bundle has. Each byte of a header follows from the
 * member's name, size and mode, so a reader makes the header that must be there and compares.
 */
#pragma once

#include <stdint.h>

#define TAR_BLOCK 512
#define TAR_END (2 * TAR_BLOCK)                /* zeros at the end */
#define TAR_NAME_MAX 100                       /* characters of a name */
#define TAR_SIZE_MAX ((UINT64_C(8) << 30) - 1) /* bytes of a member */

/**
 * Make the header of a regular file that belongs to 0:0 and is from 1970.
 *
 * @return 0, or -EINVAL: the name is empty or has over TAR_NAME_MAX characters, the size is over
 * TAR_SIZE_MAX, or the mode isn't permission bits
 */
int tar_header_make(uint8_t block[TAR_BLOCK], const char *name, uint64_t size, unsigned int mode);

/**
 * Read the size from a header, which may be anything.
 *
 * @return 0, or -EINVAL: the field isn't eleven octal digits and a zero byte
 */
int tar_header_size(const uint8_t block[TAR_BLOCK], uint64_t *size);

/** The number of zero bytes behind a member of a size. */
unsigned int tar_padding(uint64_t size);
