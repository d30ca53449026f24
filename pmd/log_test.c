/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of the log as they arrive at the other end of stderr. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pmd/log.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define LINE_MAX 1024 /* bytes, with the newline */

/* Prints a text and reads back what has been written; errno must survive. */
static size_t captured(enum log_level level, const char *text, char *buf, size_t len)
{
	int stderr_was = dup(STDERR_FILENO);
	int fds[2], errno_was;
	ssize_t n;

	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	dup2(fds[1], STDERR_FILENO);
	errno = EXDEV;
	log_line(level, "%s", text);
	errno_was = errno;
	dup2(stderr_was, STDERR_FILENO);
	n = read(fds[0], buf, len);
	close(stderr_was);
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(errno_was, EXDEV);
	return n < 0 ? 0 : (size_t)n;
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		int level;
	} table[] = {
		{"error", LOG_LEVEL_ERROR},
		{"warning", LOG_LEVEL_WARNING},
		{"notice", LOG_LEVEL_NOTICE},
		{"info", LOG_LEVEL_INFO},
		{"debug", LOG_LEVEL_DEBUG},
		{"", -EINVAL},
		{"Error", -EINVAL},
		{"debugx", -EINVAL},
		{"debu", -EINVAL},
		{"0", -EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(log_level_parse(table[i].name), table[i].level);
		if (table[i].level >= 0)
			assert_string_equal(
				log_level_name((enum log_level)table[i].level), table[i].name);
	}
}

static void test_levels(void **state)
{
	char buf[64];

	(void)state;
	/* the level before any is set */
	assert_int_equal(captured(LOG_LEVEL_NOTICE, "x", buf, sizeof(buf)), strlen("cvio: x\n"));
	assert_int_equal(captured(LOG_LEVEL_INFO, "x", buf, sizeof(buf)), 0);
	for (int max = LOG_LEVEL_ERROR; max <= LOG_LEVEL_DEBUG; max++) {
		log_level_set((enum log_level)max);
		for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
			size_t n = captured((enum log_level)level, "text", buf, sizeof(buf));

			assert_int_equal(n, level <= max ? strlen("cvio: text\n") : 0);
			if (n > 0)
				assert_memory_equal(buf, "cvio: text\n", n);
		}
	}
}

/* Around the length that fits, and far beyond: one line, whole or cut, always ended. */
static void test_cut(void **state)
{
	static const size_t lengths[] = {0, 1, 1016, 1017, 1018, 1019, 1023, 1024, 5000};

	(void)state;
	log_level_set(LOG_LEVEL_NOTICE);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		char text[8192], buf[8192];
		size_t want = strlen("cvio: ") + lengths[i] + 1;
		size_t n;

		memset(text, 'x', lengths[i]);
		text[lengths[i]] = '\0';
		n = captured(LOG_LEVEL_ERROR, text, buf, sizeof(buf));
		assert_int_equal(n, want < LINE_MAX ? want : LINE_MAX);
		assert_memory_equal(buf, "cvio: ", 6);
		assert_int_equal(buf[n - 1], '\n');
		assert_null(memchr(buf, '\n', n - 1));
		assert_null(memchr(buf, '\0', n));
	}
}

/* A stderr that can't be written must not change errno either. */
static void test_errno_after_failure(void **state)
{
	int stderr_was = dup(STDERR_FILENO);
	int errno_was;

	(void)state;
	close(STDERR_FILENO);
	errno = EXDEV;
	log_line(LOG_LEVEL_ERROR, "nobody reads this");
	errno_was = errno;
	dup2(stderr_was, STDERR_FILENO);
	close(stderr_was);
	assert_int_equal(errno_was, EXDEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_errno_after_failure),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
