/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256 (FIPS 180-4), of what passes by: a bundle is checked in one reading. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX 64 /* characters, without the end */

struct sha256 {
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t size);

/** The digest in lower-case hexadecimal digits, terminated. The state is used up. */
void sha256_end(struct sha256 *s, char hex[SHA256_HEX + 1]);
