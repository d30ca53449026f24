/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a signature: what is accepted begins and ends as one, and no shorter or longer text
 * is accepted as well. */
#include "bundle/bundle_armor.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	const char *why = NULL;

	if (bundle_armor_check(text, size, &why) == 0) {
		CHECK(size > 60 && strncmp(text, "-----BEGIN SSH SIGNATURE-----\n", 30) == 0);
		CHECK(text[size - 1] == '\n');
		CHECK(bundle_armor_check(text, size - 1, &why) < 0);
		CHECK(bundle_armor_check(text, size + 1, &why) < 0);
	} else {
		CHECK(why != NULL);
	}
	free(text);
	return 0;
}
