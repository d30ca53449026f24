/* SPDX-License-Identifier: BSD-3-Clause */
/* A signature of ssh-keygen's, and every way to write the same one that is another file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bundle/bundle_armor.h"

/* by `ssh-keygen -Y sign -n cvio-bundle` with a key made for this */
static const char good[] =
	"-----BEGIN SSH SIGNATURE-----\n"
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgFRxLqE0Rl4JAc+rO41tdJUJUE1\n"
	"yYIqVYBtM9ASSk8JcAAAALY3Zpby1idW5kbGUAAAAAAAAABnNoYTUxMgAAAFMAAAALc3No\n"
	"LWVkMjU1MTkAAABA2OxV3WX3oGOkDdFWDwl+CxYUgSWdoRP3+UpZsxR9xoZva0pssY9lIJ\n"
	"BYcOY0Z2fVAEe9JyTqdj7+GE+P4CqeDA==\n"
	"-----END SSH SIGNATURE-----\n";

static int check(const char *text, size_t len)
{
	const char *why = NULL;
	int r = bundle_armor_check(text, len, &why);

	assert_true(r == 0 || why != NULL);
	return r;
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(check(good, strlen(good)), 0);
}

/* Each byte may be another one only where the signature itself is: ssh-keygen sees to that. */
static void test_changed(void **state)
{
	char text[sizeof(good)];
	int kept = 0;

	(void)state;
	for (size_t i = 0; i < strlen(good); i++) {
		for (int c = 0; c < 256; c++) {
			memcpy(text, good, sizeof(good));
			text[i] = (char)c;
			if ((char)c != good[i] && check(text, strlen(good)) == 0) {
				kept++;
				assert_true(i > 30 && i < strlen(good) - 28);
				assert_true((c >= '0' && c <= '9') || (c >= 'A' && c <= 'z') ||
					    c == '+' || c == '/');
			}
		}
	}
	/* the public key, the kind of signature and the signature: some 150 of 190 bytes */
	assert_true(kept >= 63 * 150 && kept <= 63 * 230);
}

static void test_cut_and_longer(void **state)
{
	char text[2 * sizeof(good)];

	(void)state;
	for (size_t len = 0; len < strlen(good); len++)
		assert_int_equal(check(good, len), -22);
	for (int c = 0; c < 256; c++) {
		memcpy(text, good, sizeof(good));
		text[strlen(good)] = (char)c;
		assert_int_equal(check(text, strlen(good) + 1), -22);
	}
}

static const struct {
	const char *from, *to;
} wrong[] = {
	{"SSH SIGNATURE", "SSH PUBLIC KEY"},    /* not a signature */
	{"U1NI", "U1N "},                       /* not Base64 */
	{"eDA==", "eDB=="},                     /* bits behind the last byte */
	{"eDA==", "eDA="},                      /* a "=" too few */
	{"eDA==", "eDAA"},                      /* one digit for two "=" */
	{"eDA==\n", "eDA==\r\n"},               /* another line end */
	{"eDA==\n", "eDA==\n\n"},               /* an empty line */
	{"eDA==", "eDA"},                       /* no "=" */
	{"Y3Zpby1idW5kbGU", "Y3Zpby1idW5kbGV"}, /* another namespace */
};

static void test_wrong(void **state)
{
	char text[2 * sizeof(good)];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *at = strstr(good, wrong[i].from);

		assert_non_null(at);
		memcpy(text, good, (size_t)(at - good));
		strcpy(text + (at - good), wrong[i].to);
		strcat(text, at + strlen(wrong[i].from));
		if (check(text, strlen(text)) == 0)
			fail_msg("accepted: %s", wrong[i].to);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_cut_and_longer),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
