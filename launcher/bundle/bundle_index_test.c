/* SPDX-License-Identifier: BSD-3-Clause */
/* What a bundle.json may say, and what is refused: a table of what to put in place of a good part.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bundle/bundle_index.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LAST "{\"name\":\"oci/index.json\",\"size\":3,\"mode\":\"0644\",\"sha256\":\"" HEX "\"}"

static const char good[] =
	"{\"format\":1,\"cvio\":\"0.1.0\",\"kind\":\"delta\",\"base\":\"sha256:" HEX "\","
	"\"images\":[{\"name\":\"localhost/cvio/l2fwd:multi\",\"digest\":\"sha256:" HEX "\","
	"\"list\":true,\"variants\":[{\"digest\":\"sha256:" HEX "\",\"id\":\"" HEX "\","
	"\"architecture\":\"amd64\",\"os\":\"linux\",\"variant\":\"v3\",\"names\":[\"localhost/"
	"cvio/"
	"l2fwd:x\"]}]}],"
	"\"members\":[{\"name\":\"bin/"
	"cvio-x86_64\",\"size\":157424,\"mode\":\"0755\",\"sha256\":\"" HEX "\"}," LAST "],"
	"\"taken\":[{\"name\":\"oci/blobs/sha256/" HEX
	"\",\"size\":0,\"mode\":\"0644\",\"sha256\":\"" HEX "\"}]}";

/* Replace the first place of a text. */
static char *replaced(const char *from, const char *to)
{
	const char *at = strstr(good, from);
	char *text = malloc(sizeof(good) + strlen(to) + 1);

	assert_non_null(at);
	if (text == NULL)
		abort();
	sprintf(text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
	return text;
}

static void test_good(void **state)
{
	_bundle_index_cleanup_ struct bundle_index x;
	const struct bundle_member *m;
	const char *why;

	(void)state;
	assert_int_equal(bundle_index_parse(good, strlen(good), &x, &why), 0);
	assert_int_equal(x.count, 2);
	assert_int_equal(x.taken_count, 1);
	assert_string_equal(x.base, "sha256:" HEX);
	m = bundle_index_find(&x, "bin/cvio-x86_64");
	assert_non_null(m);
	assert_int_equal(m->size, 157424);
	assert_int_equal(m->mode, 0755);
	assert_null(bundle_index_find(&x, "bin/cvio"));
}

static void test_formatted(void **state)
{
	_bundle_index_cleanup_ struct bundle_index x = {0}, again = {0};
	char *text, *twice;
	const char *why;

	(void)state;
	assert_int_equal(bundle_index_parse(good, strlen(good), &x, &why), 0);
	text = bundle_index_format(x.json);
	assert_non_null(text);
	/* a line a member, and the same once read and written again */
	assert_non_null(strstr(text, "\n{\"mode\":\"0755\",\"name\":\"bin/cvio-x86_64\","));
	assert_int_equal(bundle_index_parse(text, strlen(text), &again, &why), 0);
	assert_true(json_equal(x.json, again.json));
	twice = bundle_index_format(again.json);
	assert_string_equal(text, twice);
	free(text);
	free(twice);
}

static const struct {
	const char *from, *to;
} wrong[] = {
	{"{\"format\":1", "[\"format\":1"},
	{"\"format\":1", "\"format\":2"},
	{"\"format\":1", "\"format\":1,\"format\":1"},
	{"\"format\":1,", ""},
	{"bin/cvio-x86_64", "/bin/cvio"},
	{"bin/cvio-x86_64", "bin//cvio"},
	{"bin/cvio-x86_64", "bin/"},
	{"bin/cvio-x86_64", ""},
	{"bin/cvio-x86_64", "../cvio"},
	{"bin/cvio-x86_64", "bin/../cvio"},
	{"bin/cvio-x86_64", "./cvio"},
	{"bin/cvio-x86_64", "bin/.hidden"},
	{"bin/cvio-x86_64", "-bin"},
	{"bin/cvio-x86_64", "bin/a b"},
	{"bin/cvio-x86_64", "bin/a\\nb"},
	{"bin/cvio-x86_64", "bundle.json"},
	{"bin/cvio-x86_64", "bundle.json.sig"},
	{"bin/cvio-x86_64", HEX HEX},
	{"bin/cvio-x86_64", "oci/index.json"}, /* twice */
	{"bin/cvio-x86_64", "oci/z"},          /* not sorted */
	{"157424", "-1"},
	{"157424", "8589934592"},
	{"157424", "1.5"},
	{"157424", "\"1\""},
	{"0755", "4755"},
	{"0755", "0777"},
	{"\"sha256\":\"0", "\"sha256\":\""},
	{"\"sha256\":\"0", "\"sha256\":\"A"},
	{"\"members\":[", "\"members\":{},\"x\":["},
	{"\"base\":\"sha256:", "\"base\":\"sha512:"},
	{"\"base\":\"sha256:" HEX "\"", "\"base\":7"},
	{"\"taken\"", "\"token\""},
	{"\"images\":[", "\"images\":[],\"x\":["},
	{"localhost/cvio/l2fwd:multi", "--all"},
	{"localhost/cvio/l2fwd:multi", "localhost/cvio/l2fwd multi"},
	{"localhost/cvio/l2fwd:multi", ""},
	{"localhost/cvio/l2fwd:x", "$(x)"},
	{"\"digest\":\"sha256:0", "\"digest\":\"sha256:"},
	{"\"id\":\"0", "\"id\":\""},
	{"\"os\":\"linux\"", "\"os\":\"-linux\""},
	{"\"os\":\"linux\",", ""},
	{"\"variants\":[", "\"variants\":[],\"x\":["},
	{"\"names\":[", "\"names\":7,\"x\":["},
};

static void test_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *text = replaced(wrong[i].from, wrong[i].to);
		struct bundle_index x;
		const char *why = NULL;

		if (bundle_index_parse(text, strlen(text), &x, &why) == 0)
			fail_msg("accepted: %s in place of %s", wrong[i].to, wrong[i].from);
		assert_non_null(why);
		assert_null(x.json);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_formatted),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
