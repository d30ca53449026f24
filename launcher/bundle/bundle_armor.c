/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The armor is undone leniently, made again from the binary, and compared: that finds every other
 * spelling without knowing them. In the binary, the one field that neither the signature nor the
 * key's check covers is "reserved", which must be empty; and nothing may follow.
 */
#include "bundle/bundle_armor.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----\n"
#define LINE 70 /* characters, as ssh-keygen breaks lines */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* What is left of the binary. */
struct bytes {
	const uint8_t *at;
	size_t left;
};

static size_t unarmor(const char *text, size_t len, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned int have = 0;
	size_t size = 0;

	for (size_t i = 0; i < len; i++) {
		const char *digit = text[i] == '\0' ? NULL : strchr(digits, text[i]);

		if (digit == NULL)
			continue;
		bits = bits << 6 | (uint32_t)(digit - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[size++] = (uint8_t)(bits >> have);
		}
	}
	return size;
}

static size_t armor(const uint8_t *data, size_t size, char *out)
{
	size_t len = 0, column = 0;

	for (size_t i = 0; i < size; i += 3) {
		size_t n = size - i < 3 ? size - i : 3;
		uint32_t bits = (uint32_t)data[i] << 16 | (n > 1 ? (uint32_t)data[i + 1] << 8 : 0) |
				(n > 2 ? data[i + 2] : 0);

		for (size_t k = 0; k < 4; k++) {
			out[len++] = k > n ? '=' : digits[bits >> (18 - 6 * k) & 63];
			if (++column % LINE == 0)
				out[len++] = '\n';
		}
	}
	if (column % LINE != 0)
		out[len++] = '\n';
	return len;
}

static bool take(struct bytes *b, const char *expected, size_t len)
{
	if (b->left < len || (expected != NULL && memcmp(b->at, expected, len) != 0))
		return false;
	b->at += len;
	b->left -= len;
	return true;
}

/* A length of four bytes, and as many bytes: those that are expected, or any but none. */
static bool take_string(struct bytes *b, const char *expected)
{
	size_t len;

	if (b->left < 4)
		return false;
	len = (size_t)b->at[0] << 24 | (size_t)b->at[1] << 16 | (size_t)b->at[2] << 8 | b->at[3];
	take(b, NULL, 4);
	if (expected == NULL ? len == 0 : len != strlen(expected))
		return false;
	return take(b, expected, len);
}

static int check_binary(const uint8_t *data, size_t size, const char **why)
{
	struct bytes b = {data, size};

	*why = "it isn't an SSH signature";
	if (!take(&b, "SSHSIG\0\0\0\1", 10) || !take_string(&b, NULL))
		return -EINVAL;
	*why = "it was made for another purpose than " BUNDLE_NAMESPACE;
	if (!take_string(&b, BUNDLE_NAMESPACE))
		return -EINVAL;
	*why = "it isn't as ssh-keygen makes one";
	if (!take_string(&b, "") || !take_string(&b, "sha512") || !take_string(&b, NULL))
		return -EINVAL;
	return b.left == 0 ? 0 : -EINVAL;
}

int bundle_armor_check(const char *text, size_t len, const char **why)
{
	size_t begin = strlen(BEGIN), end = strlen(END), size, again_len;
	const char *body = text + begin;
	uint8_t *data;
	char *again;
	int r = -EINVAL;

	*why = "it isn't an armored SSH signature";
	if (len < begin + end || len > BUNDLE_SIGNATURE_MAX || memcmp(text, BEGIN, begin) != 0 ||
		memcmp(text + len - end, END, end) != 0)
		return -EINVAL;
	len -= begin + end;
	data = malloc(len + 1);
	again = malloc(2 * len + 8);
	if (data == NULL || again == NULL) {
		r = -ENOMEM;
	} else {
		size = unarmor(body, len, data);
		again_len = armor(data, size, again);
		*why = "its armor isn't as ssh-keygen writes it";
		if (again_len == len && memcmp(again, body, len) == 0)
			r = check_binary(data, size, why);
	}
	free(data);
	free(again);
	return r;
}
