/* SPDX-License-Identifier: BSD-3-Clause */
/* The examples of FIPS 180-4, every length around the block's borders, in pieces of every size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sha256.h"

static const struct {
	const char *text;
	int times;
	const char *hex;
} examples[] = {
	{"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"aaaaaaaaaa", 100000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void test_examples(void **state)
{
	char hex[SHA256_HEX + 1];
	struct sha256 s;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		sha256_init(&s);
		for (int n = 0; n < examples[i].times; n++)
			sha256_add(&s, examples[i].text, strlen(examples[i].text));
		sha256_end(&s, hex);
		assert_string_equal(hex, examples[i].hex);
	}
}

/* How the data comes in pieces makes no difference, and each length gives another digest. */
static void test_pieces(void **state)
{
	static const char data[200] = {1, 2, 3};
	char whole[SHA256_HEX + 1], parts[SHA256_HEX + 1], before[SHA256_HEX + 1] = "";
	struct sha256 s;

	(void)state;
	for (size_t size = 0; size <= sizeof(data); size++) {
		sha256_init(&s);
		sha256_add(&s, data, size);
		sha256_end(&s, whole);
		assert_string_not_equal(whole, before);
		memcpy(before, whole, sizeof(before));
		for (size_t piece = 1; piece <= 70; piece += 23) {
			sha256_init(&s);
			for (size_t at = 0; at < size; at += piece)
				sha256_add(&s, data + at, size - at < piece ? size - at : piece);
			sha256_end(&s, parts);
			assert_string_equal(whole, parts);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
