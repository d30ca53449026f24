/* SPDX-License-Identifier: BSD-3-Clause */
/* Ends of a process, each in a child: its status, and whether its sockets are gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pmd/grammar/port_spec.h"
#include "pmd/socket_made.h"
#include "runtime/exit.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static char folder[] = "/tmp/exit_test.XXXXXX";
static char paths[PORT_MAX][64];

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	for (int i = 0; i < PORT_MAX; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%d.sock", folder, i);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < PORT_MAX; i++)
		unlink(paths[i]);
	return rmdir(folder);
}

static void app_handler(int signal)
{
	(void)signal;
	_exit(7);
}

static void run_exit(void)
{
	exit(3);
}

static void run_term(void)
{
	raise(SIGTERM);
}

static void run_int(void)
{
	raise(SIGINT);
}

static void run_hup(void)
{
	raise(SIGHUP);
}

static void run_late_handler(void)
{
	signal(SIGTERM, app_handler);
	raise(SIGTERM);
}

static void none(void)
{
}

static void handler_before(void)
{
	signal(SIGTERM, app_handler);
}

static void ignored_before(void)
{
	signal(SIGINT, SIG_IGN);
}

/* `files` of them are made and registered, then the child ends itself; what is left to it is exit
 * status 9. */
static int child_status(void (*before)(void), int files, void (*run)(void))
{
	pid_t child;
	int status;

	for (int i = 0; i < files; i++)
		close(open(paths[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGTERM, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		before();
		exit_on_signals();
		for (int i = 0; i < files; i++)
			socket_made_note(paths[i]);
		run();
		_exit(9);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_ends(void **state)
{
	static const struct {
		const char *what;
		void (*before)(void);
		int files;
		void (*run)(void);
		int status;
		bool left; /* are the files */
	} table[] = {
		{"exit", none, 1, run_exit, 3, false},
		{"exit without a socket", none, 0, run_exit, 3, false},
		{"exit with all", none, PORT_MAX, run_exit, 3, false},
		{"SIGTERM", none, 2, run_term, 128 + SIGTERM, false},
		{"SIGTERM without a socket", none, 0, run_term, 128 + SIGTERM, false},
		{"SIGINT", none, 1, run_int, 128 + SIGINT, false},
		{"SIGHUP", none, 1, run_hup, 128 + SIGHUP, false},
		{"a handler from before", handler_before, 1, run_term, 7, true},
		{"a handler from before, the other signal", handler_before, 1, run_int,
			128 + SIGINT, false},
		{"ignored before", ignored_before, 1, run_int, 9, true},
		{"a handler installed later", none, 1, run_late_handler, 7, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int status = child_status(table[i].before, table[i].files, table[i].run);

		if (status != table[i].status)
			fail_msg("%s: %d, not %d", table[i].what, status, table[i].status);
		for (int f = 0; f < table[i].files; f++) {
			int found = access(paths[f], F_OK);

			if ((found == 0) != table[i].left)
				fail_msg("%s: %s", table[i].what, paths[f]);
			unlink(paths[f]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests_name("exit", tests, setup, teardown);
}
