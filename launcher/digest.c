/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Both are FIPS 180-4's. In the launcher, since an image's files are never unpacked to where a tool
 * could read them: they are parts of a mapped layer.
 */
#include "digest.h"

#include <stdio.h>
#include <string.h>

#define BLOCK 64

typedef void compress_block(uint32_t *state, const uint8_t *block);

static uint32_t rotate_left(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static uint32_t rotate_right(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t big_endian(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* the first 32 bits of the fractional parts of the cube roots of the first 64 primes */
static const uint32_t sha256_k[64] = {
	0x428a2f98,
	0x71374491,
	0xb5c0fbcf,
	0xe9b5dba5,
	0x3956c25b,
	0x59f111f1,
	0x923f82a4,
	0xab1c5ed5,
	0xd807aa98,
	0x12835b01,
	0x243185be,
	0x550c7dc3,
	0x72be5d74,
	0x80deb1fe,
	0x9bdc06a7,
	0xc19bf174,
	0xe49b69c1,
	0xefbe4786,
	0x0fc19dc6,
	0x240ca1cc,
	0x2de92c6f,
	0x4a7484aa,
	0x5cb0a9dc,
	0x76f988da,
	0x983e5152,
	0xa831c66d,
	0xb00327c8,
	0xbf597fc7,
	0xc6e00bf3,
	0xd5a79147,
	0x06ca6351,
	0x14292967,
	0x27b70a85,
	0x2e1b2138,
	0x4d2c6dfc,
	0x53380d13,
	0x650a7354,
	0x766a0abb,
	0x81c2c92e,
	0x92722c85,
	0xa2bfe8a1,
	0xa81a664b,
	0xc24b8b70,
	0xc76c51a3,
	0xd192e819,
	0xd6990624,
	0xf40e3585,
	0x106aa070,
	0x19a4c116,
	0x1e376c08,
	0x2748774c,
	0x34b0bcb5,
	0x391c0cb3,
	0x4ed8aa4a,
	0x5b9cca4f,
	0x682e6ff3,
	0x748f82ee,
	0x78a5636f,
	0x84c87814,
	0x8cc70208,
	0x90befffa,
	0xa4506ceb,
	0xbef9a3f7,
	0xc67178f2,
};

static void sha256_block(uint32_t *state, const uint8_t *block)
{
	uint32_t w[64], s[8];

	for (int i = 0; i < 16; i++)
		w[i] = big_endian(block + 4 * i);
	for (int i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (rotate_right(w[i - 15], 7) ^ rotate_right(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (rotate_right(w[i - 2], 17) ^ rotate_right(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(s, state, sizeof(s));
	for (int i = 0; i < 64; i++) {
		uint32_t e = s[4], a = s[0];
		uint32_t t1 = s[7] +
			      (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
			      ((e & s[5]) ^ (~e & s[6])) + sha256_k[i] + w[i];
		uint32_t t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
			      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

/* Round i's constant and function of b, c and d. */
static uint32_t sha1_mix(int i, const uint32_t *s)
{
	if (i < 20)
		return 0x5a827999 + ((s[1] & s[2]) | (~s[1] & s[3]));
	if (i >= 40 && i < 60)
		return 0x8f1bbcdc + ((s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3]));
	return (i < 40 ? 0x6ed9eba1 : 0xca62c1d6) + (s[1] ^ s[2] ^ s[3]);
}

static void sha1_block(uint32_t *state, const uint8_t *block)
{
	uint32_t w[80], s[5];

	for (int i = 0; i < 16; i++)
		w[i] = big_endian(block + 4 * i);
	for (int i = 16; i < 80; i++)
		w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(s, state, sizeof(s));
	for (int i = 0; i < 80; i++) {
		uint32_t next = rotate_left(s[0], 5) + sha1_mix(i, s) + s[4] + w[i];

		memmove(s + 1, s, 4 * sizeof(*s));
		s[2] = rotate_left(s[2], 30);
		s[0] = next;
	}
	for (int i = 0; i < 5; i++)
		state[i] += s[i];
}

/* All blocks, the last one or two with the padding and the length in bits. */
static void digest(compress_block *compress, uint32_t *state, const uint8_t *data, size_t size)
{
	uint8_t last[2 * BLOCK] = {0};
	size_t rest = size % BLOCK, end = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	uint64_t bits = (uint64_t)size * 8;

	for (size_t at = 0; at + BLOCK <= size; at += BLOCK)
		compress(state, data + at);
	if (rest > 0)
		memcpy(last, data + size - rest, rest);
	last[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		last[end - 1 - i] = (uint8_t)(bits >> 8 * i);
	for (size_t at = 0; at < end; at += BLOCK)
		compress(state, last + at);
}

static void print_words(const uint32_t *words, int count, char *text)
{
	for (int i = 0; i < count; i++)
		sprintf(text + 8 * i, "%08x", words[i]);
}

void sha256_text(const void *data, size_t size, char text[SHA256_TEXT])
{
	uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
		0x1f83d9ab, 0x5be0cd19};

	digest(sha256_block, state, data, size);
	print_words(state, 8, text);
}

void sha1_text(const void *data, size_t size, char text[SHA1_TEXT])
{
	uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

	digest(sha1_block, state, data, size);
	print_words(state, 5, text);
}
