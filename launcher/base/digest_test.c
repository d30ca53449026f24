/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the digests against FIPS 180-4's vectors, and across all lengths of a last block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/digest.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void test_vectors(void **state)
{
	static const struct {
		const char *text, *sha1, *sha256;
	} table[] = {
		{"", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"84983e441c3bd26ebaae4aa1f95129e5e54670f1",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	char text[SHA256_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		sha1_text(table[i].text, strlen(table[i].text), text);
		assert_string_equal(text, table[i].sha1);
		sha256_text(table[i].text, strlen(table[i].text), text);
		assert_string_equal(text, table[i].sha256);
	}
}

/* The digests of 'a' 0 to 199 times, one after the other, as sha1sum and sha256sum digest them. */
static void test_lengths(void **state)
{
	char data[200], all1[200 * 40 + 1] = "", all256[200 * 64 + 1] = "", text[SHA256_TEXT];

	(void)state;
	memset(data, 'a', sizeof(data));
	for (size_t i = 0; i < sizeof(data); i++) {
		sha1_text(data, i, all1 + 40 * i);
		sha256_text(data, i, all256 + 64 * i);
	}
	sha256_text(all1, strlen(all1), text);
	assert_string_equal(
		text, "2cd95d83ecf1d10c9cb6edec3f73b2a2f55656881339e596b5d74f507b173235");
	sha256_text(all256, strlen(all256), text);
	assert_string_equal(
		text, "019f2b9f1af27a53a1f046da7e98af2c179f431e4b5bebb000e74040917a4123");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
