/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of child processes, with a shell in podman's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "pmd/grammar/words.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void test_capture(void **state)
{
	static const struct {
		const char *script;
		int status;
		const char *out, *err;
	} table[] = {
		{"echo a; echo b >&2", 0, "a\n", "b\n"}, /* each apart */
		{"exit 126", 126, "", ""}, /* no status stands for a failure of ours */
		{"kill -KILL $$", 128 + SIGKILL, "", ""},
		{"cat", 0, "", ""}, /* its stdin is empty */
		{"echo ${NOTIFY_SOCKET-none}", 0, "none\n", ""},
		{"sleep 5 & echo a", 0, "a\n", ""}, /* who holds the output open isn't waited for */
	};

	(void)state;
	assert_int_equal(setenv("NOTIFY_SOCKET", "/x", 1), 0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct capture capture;

		assert_int_equal(
			capture_runl(&capture, NULL, "sh", "-c", table[i].script, NULL), 0);
		assert_int_equal(capture.status, table[i].status);
		assert_string_equal(capture.out, table[i].out);
		assert_string_equal(capture.err, table[i].err);
		capture_fini(&capture);
	}
}

static void test_missing(void **state)
{
	struct capture capture;
	struct cvio_error err;

	(void)state;
	assert_int_equal(capture_runl(&capture, &err, "no-such-program", NULL), -ENOENT);
	assert_int_equal(err.exit_code, LAUNCHER_EXIT_NO_PODMAN);
	assert_non_null(strstr(err.text, "no-such-program: not found"));
	assert_int_equal(capture_runl(&capture, &err, "/", NULL), -EACCES);
	assert_int_equal(err.exit_code, CVIO_EXIT_SOFTWARE);
}

/* A readable descriptor in the signals' place ends the child, which must not have them blocked. */
static void test_interrupted(void **state)
{
	struct words argv = {0};
	struct capture capture;
	sigset_t set, old;
	int ends[2];

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, &old), 0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	words_add(&argv, "sleep");
	words_add(&argv, "60");
	assert_int_equal(capture_run(&argv, ends[0], &capture, NULL), 0);
	assert_int_equal(capture.status, 128 + SIGTERM);
	capture_fini(&capture);
	words_fini(&argv);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}

static void test_reason(void **state)
{
	static const struct {
		const char *err, *reason;
	} table[] = {
		{"", "it gave no reason"},
		{" \n\n", "it gave no reason"},
		{"Error: no\n", "no"},
		{"time=1 level=warning\nError: a: b\n", "a: b"},
		{"Error: unknown flag: --x\nSee 'podman run --help'\n", "unknown flag: --x"},
		{"broken", "broken"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct capture capture = {.err = strdup(table[i].err)};

		assert_string_equal(capture_reason(&capture), table[i].reason);
		capture_fini(&capture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capture),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
