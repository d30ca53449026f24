/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256, and SHA-1, which SPDX wants beside it, as hexadecimal text. libmd computes them. */
#pragma once

#include <stddef.h>

struct _SHA2_CTX; /* libmd's */

#define SHA1_TEXT 41   /* bytes of a digest as text, with its end */
#define SHA256_TEXT 65 /* the same */

/** The SHA-256 of some bytes, in lower-case hexadecimal. */
void sha256_text(const void *data, size_t size, char text[SHA256_TEXT]);

/** The SHA-256 of what SHA256Update() was given, in lower-case hexadecimal. The state is used up.
 */
void sha256_end(struct _SHA2_CTX *state, char text[SHA256_TEXT]);

/** The SHA-1 of some bytes. Nothing is secured by it: SPDX 2.3 demands one for each file. */
void sha1_text(const void *data, size_t size, char text[SHA1_TEXT]);
