/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of JSON as YAML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "generate/yaml_write.h"

static void check(const char *json, const char *yaml)
{
	json_t *documents = json_loads(json, 0, NULL);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(documents);
	assert_non_null(out);
	assert_int_equal(yaml_write(documents, out), 0);
	fclose(out);
	assert_string_equal(text, yaml);
	free(text);
	json_decref(documents);
}

static void test_documents(void **state)
{
	static const struct {
		const char *json, *yaml;
	} table[] = {
		{"[{\"kind\": \"Pod\", \"a\": {\"z\": 1, \"b\": [true, null]}}]",
			"---\nkind: Pod\na:\n  z: 1\n  b:\n  - true\n  - null\n"},
		{"[{\"a\": 1}, {\"b\": 2}]", "---\na: 1\n---\nb: 2\n"},
		{"[{\"args\": []}]", "---\nargs: []\n"},
		{"[]", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check(table[i].json, table[i].yaml);
}

/* What a reader would take for something else is quoted. */
static void test_texts(void **state)
{
	static const struct {
		const char *json, *yaml;
	} table[] = {
		{"/run/a.sock", "/run/a.sock"},
		{"vhost-user:/run/a b", "vhost-user:/run/a b"},
		{"1", "'1'"},
		{"1e3", "'1e3'"},
		{".inf", "'.inf'"},
		{"-p", "'-p'"},
		{"2001-01-01", "'2001-01-01'"},
		{"Yes", "'Yes'"},
		{"null", "'null'"},
		{"~", "'~'"},
		{"", "''"},
		{"a: b", "'a: b'"},
		{"a #b", "'a #b'"},
		{"it's", "it's"},
		{"a:", "'a:'"},
		{"{a}", "'{a}'"},
		{"a\\u0007", "\"a\\a\""},
		{"\xc3\xa9", "'\xc3\xa9'"},
	};
	char json[64], yaml[64];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		snprintf(json, sizeof(json), "[[\"%s\"]]", table[i].json);
		snprintf(yaml, sizeof(yaml), "---\n- %s\n", table[i].yaml);
		check(json, yaml);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
