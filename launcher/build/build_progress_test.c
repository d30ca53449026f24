/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of what of buildah's output is shown, however it is cut into pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "build/build_progress.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static const char output[] =
	"[1/2] STEP 1/2: FROM localhost/cvio/sdk AS build\n"
	"[1/2] STEP 2/2: RUN cvio-cc hello.c\n"
	"hello.c:1: error: wrong\n"
	"[1/2] not a step\n"
	"STEPS of a program\n"
	"Getting image source signatures\n"
	"Copying blob sha256:1\n"
	"Copying config sha256:2\n"
	"Writing manifest to image destination\n"
	"Storing signatures\n"
	"--> 9048ff47d0f\n"
	"Successfully tagged localhost/t1:latest\n"
	"9048ff47d0fc9c30f9cc955d0c241e75b4cd4d58e792ccae553338c848809eb1\n"
	"Error: building at STEP \"RUN x\": while running runtime: exit status 1\n"
	"no newline";

static const char lines[] = "[1/2] STEP 1/2: FROM localhost/cvio/sdk AS build\n"
			    "[1/2] STEP 2/2: RUN cvio-cc hello.c\n"
			    "hello.c:1: error: wrong\n"
			    "[1/2] not a step\n"
			    "STEPS of a program\n"
			    "no newline\n";

static void test_lines(void **state)
{
	static const size_t pieces[] = {1, 7, 64, 4096};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		char *text = NULL;
		size_t size = 0;
		struct build_progress p = {.out = open_memstream(&text, &size)};

		for (size_t at = 0; at < strlen(output); at += pieces[i]) {
			size_t left = strlen(output) - at;

			build_progress_feed(
				&p, output + at, left < pieces[i] ? left : pieces[i], 1000);
			build_progress_tick(&p, 2000);
		}
		build_progress_end(&p);
		fclose(p.out);
		assert_string_equal(text, lines);
		assert_string_equal(p.reason,
			"building at STEP \"RUN x\": while running runtime: exit status 1");
		assert_false(p.glibc);
		free(text);
	}
}

/* A terminal's line shows the step and its seconds, goes for another line, and comes back. */
static void test_terminal(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct build_progress p = {.out = open_memstream(&text, &size), .width = 20};

	(void)state;
	build_progress_feed(&p, "STEP 1/1: RUN a-long-command\n", 29, 1000);
	build_progress_tick(&p, 13900);
	build_progress_feed(&p, "a line\n", 7, 14000);
	build_progress_end(&p);
	fclose(p.out);
	assert_string_equal(text, "  0 s  STEP 1/1: RU"
				  "\r\033[K 12 s  STEP 1/1: RU"
				  "\r\033[Ka line\n 13 s  STEP 1/1: RU"
				  "\r\033[K");
	free(text);
}

static void test_glibc(void **state)
{
	static const struct {
		const char *line;
		bool glibc;
	} table[] = {
		{"x.c: undefined reference to `__printf_chk'\n", true},
		{"x.c: undefined reference to `__isoc99_sscanf'\n", true},
		{"x.c: undefined reference to `__isoc23_strtol'\n", true},
		{"x.c: undefined reference to `my_chk'\n", false},
		{"x.c: undefined reference to `__x'\n", false},
		{"x.c: undefined reference to `__x\n", false},
		{"__printf_chk\n", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct build_progress p = {.out = fopen("/dev/null", "w")};

		build_progress_feed(&p, table[i].line, strlen(table[i].line), 0);
		assert_int_equal(p.glibc, table[i].glibc);
		fclose(p.out);
	}
}

/* A line without an end is passed on once it is too long to keep. */
static void test_long_line(void **state)
{
	char *text = NULL, *line;
	size_t size = 0;
	struct build_progress p = {.out = open_memstream(&text, &size)};

	(void)state;
	line = malloc(3 * sizeof(p.line));
	assert_non_null(line);
	memset(line, 'x', 3 * sizeof(p.line));
	build_progress_feed(&p, line, 3 * sizeof(p.line), 0);
	build_progress_feed(&p, "\nSTEP 1/1: x\n", 13, 0);
	build_progress_end(&p);
	fclose(p.out);
	assert_int_equal(size, 3 * sizeof(p.line) + 13);
	assert_string_equal(p.step, "");
	free(text);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_glibc),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
