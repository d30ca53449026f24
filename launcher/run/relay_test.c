/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the relay of podman's stderr: every text is fed whole and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/relay.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *fed;
	const char *passed; /* before the end is known */
	const char *reason; /* NULL: podman didn't fail */
} table[] = {
	{"", "", NULL},
	{"hello\nworld", "hello\nworld", NULL},
	{"E", "", NULL},
	{"Error", "", NULL},
	{"Errors\n", "Errors\n", NULL},
	{"Error: no\n", "", "no"},
	{"Error: no", "", "no"},
	{"a\nError: no\n", "a\n", "no"},
	{"aError: no\n", "aError: no\n", NULL},
	{"Error: no\nSee 'podman run --help'\n", "", "no"},
	{"Error: no\nSee you\n", "Error: no\nSee you\n", NULL},
	{"Error: a\nError: b\n", "Error: a\n", "b"},
	{"Error: a\nb\nError: c\n", "Error: a\nb\n", "c"},
	{"Error: a\n\n", "Error: a\n\n", NULL},
};

static void check(size_t i, size_t step)
{
	struct relay relay = {0};
	const char *fed = table[i].fed, *reason;
	size_t len = strlen(fed), size;
	char *text = NULL;

	relay.out = open_memstream(&text, &size);
	assert_non_null(relay.out);
	for (size_t at = 0; at < len; at += step)
		relay_feed(&relay, fed + at, step);
	fflush(relay.out);
	assert_string_equal(text, table[i].passed);
	reason = relay_reason(&relay);
	if (table[i].reason == NULL) {
		assert_null(reason);
		relay_flush(&relay);
		assert_string_equal(text, fed);
	} else {
		assert_string_equal(reason, table[i].reason);
		relay_flush(&relay);
		assert_string_equal(text, table[i].passed);
	}
	fclose(relay.out);
	free(text);
}

static void test_relay(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		check(i, 1);
		check(i, strlen(table[i].fed) + (table[i].fed[0] == '\0'));
	}
}

/* An application that ended by itself gets its line, although it looks like podman's. */
static void test_relay_flush(void **state)
{
	struct relay relay = {0};
	char *text = NULL;
	size_t size;

	(void)state;
	relay.out = open_memstream(&text, &size);
	assert_non_null(relay.out);
	relay_feed(&relay, "Error: mine\n", 12);
	relay_flush(&relay);
	assert_string_equal(text, "Error: mine\n");
	fclose(relay.out);
	free(text);
}

/* More than can be held passes, whole. */
static void test_relay_long(void **state)
{
	struct relay relay = {0};
	char *line = calloc(1, 20001), *text = NULL;
	size_t size;

	(void)state;
	assert_non_null(line);
	memset(line, 'x', 20000);
	memcpy(line, "Error: ", 7);
	relay.out = open_memstream(&text, &size);
	assert_non_null(relay.out);
	relay_feed(&relay, line, 20000);
	assert_null(relay_reason(&relay));
	relay_flush(&relay);
	assert_string_equal(text, line);
	fclose(relay.out);
	free(text);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relay),
		cmocka_unit_test(test_relay_flush),
		cmocka_unit_test(test_relay_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
