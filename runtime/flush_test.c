/* SPDX-License-Identifier: BSD-3-Clause */
/* What a process that ends has printed, seen from the other end of its stdout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/exit.h"
#include "runtime/flush.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void lines(void)
{
	printf("one\n");
	printf("two\nthr");
	_exit(9);
}

static void term(void)
{
	printf("one\nthr");
	putchar('e');
	raise(SIGTERM);
}

static void term_of_none(void)
{
	raise(SIGTERM);
}

/* the application's own word comes after the constructor, and wins */
static void full_buffer(void)
{
	static char buffer[4096];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	printf("one\ntwo\n");
	_exit(9);
}

static void full_buffer_term(void)
{
	setvbuf(stdout, NULL, _IOFBF, 0);
	printf("one\ntwo\n");
	raise(SIGTERM);
}

static void error_buffer_term(void)
{
	static char buffer[4096];

	dup2(STDOUT_FILENO, STDERR_FILENO);
	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	fprintf(stderr, "error");
	raise(SIGTERM);
}

/* the signal interrupts printf() */
static void locked_term(void)
{
	printf("one\nthr");
	flockfile(stdout);
	raise(SIGTERM);
}

static void *hold(void *arg)
{
	flockfile(stdout);
	*(volatile bool *)arg = true;
	poll(NULL, 0, FLUSH_MS / 4);
	funlockfile(stdout);
	return NULL;
}

static void held_term(void)
{
	static volatile bool held;
	pthread_t thread;

	printf("thr");
	pthread_create(&thread, NULL, hold, (void *)&held);
	while (!held)
		usleep(100);
	raise(SIGTERM);
}

/* nobody reads */
static void stuck_term(void)
{
	static const char zeros[4096];
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	printf("thr");
	fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
	while (write(STDOUT_FILENO, zeros, sizeof(zeros)) > 0)
		;
	fcntl(STDOUT_FILENO, F_SETFL, flags);
	raise(SIGTERM);
}

static void twice_term(void)
{
	printf("thr");
	flush_soon();
	raise(SIGTERM);
}

static int child_run(void (*run)(void), int *status)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	fflush(stdout);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		signal(SIGTERM, SIG_DFL);
		exit_on_signals();
		alarm(5); /* a hang */
		run();
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, status, 0), child);
	return ends[0];
}

static void test_printed(void **state)
{
	static const struct {
		const char *what;
		void (*run)(void);
		int status;
		const char *text; /* NULL: whatever */
	} table[] = {
		{"lines", lines, 9, "one\ntwo\n"},
		{"SIGTERM", term, 128 + SIGTERM, "one\nthre"},
		{"SIGTERM without output", term_of_none, 128 + SIGTERM, ""},
		{"the application's buffer", full_buffer, 9, ""},
		{"the application's buffer, SIGTERM", full_buffer_term, 128 + SIGTERM,
			"one\ntwo\n"},
		{"stderr with a buffer", error_buffer_term, 128 + SIGTERM, "error"},
		{"interrupts stdio", locked_term, 128 + SIGTERM, "one\n"},
		{"another thread prints", held_term, 128 + SIGTERM, "thr"},
		{"the pipe is full", stuck_term, 128 + SIGTERM, NULL},
		{"flushed before", twice_term, 128 + SIGTERM, "thr"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char text[64] = "";
		int status, fd = child_run(table[i].run, &status);

		if (!WIFEXITED(status) || WEXITSTATUS(status) != table[i].status)
			fail_msg("%s: status %#x, not %d", table[i].what, (unsigned int)status,
				table[i].status);
		assert_true(read(fd, text, sizeof(text) - 1) >= 0);
		close(fd);
		if (table[i].text != NULL && strcmp(text, table[i].text) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", table[i].what, text, table[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed),
	};

	return cmocka_run_group_tests_name("flush", tests, NULL, NULL);
}
