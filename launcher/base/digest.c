/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/digest.h"

#include <stdint.h>

#include <sha1.h>
#include <sha2.h>

static void text_of(const uint8_t *bytes, size_t size, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * size] = '\0';
}

void sha256_end(SHA2_CTX *state, char text[SHA256_TEXT])
{
	uint8_t bytes[SHA256_DIGEST_LENGTH];

	SHA256Final(bytes, state);
	text_of(bytes, sizeof(bytes), text);
}

void sha256_text(const void *data, size_t size, char text[SHA256_TEXT])
{
	SHA2_CTX state;

	SHA256Init(&state);
	SHA256Update(&state, data, size);
	sha256_end(&state, text);
}

void sha1_text(const void *data, size_t size, char text[SHA1_TEXT])
{
	uint8_t bytes[SHA1_DIGEST_LENGTH];
	SHA1_CTX state;

	SHA1Init(&state);
	SHA1Update(&state, data, size);
	SHA1Final(bytes, &state);
	text_of(bytes, sizeof(bytes), text);
}
