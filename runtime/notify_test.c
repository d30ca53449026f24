/* SPDX-License-Identifier: BSD-3-Clause */
/* READY=1, as it arrives at a real datagram socket; and the warning where it can't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/notify.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static char folder[] = "/tmp/notify_test.XXXXXX";
static char path[64];

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/notify", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

/* The manager's socket at a name as NOTIFY_SOCKET has it. */
static int manager(const char *name)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	memcpy(un.sun_path, name, strlen(name));
	if (name[0] == '@')
		un.sun_path[0] = '\0';
	assert_int_equal(
		bind(fd, (struct sockaddr *)&un,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
		0);
	return fd;
}

/* Notifies, and hands out what went to stderr. */
static const char *said(void)
{
	static char buf[512];
	int stderr_was = dup(STDERR_FILENO);
	int fds[2];
	ssize_t n;

	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	dup2(fds[1], STDERR_FILENO);
	notify_ready();
	dup2(stderr_was, STDERR_FILENO);
	n = read(fds[0], buf, sizeof(buf) - 1);
	buf[n < 0 ? 0 : n] = '\0';
	close(stderr_was);
	close(fds[0]);
	close(fds[1]);
	return buf;
}

static void expect_ready(const char *name)
{
	int fd = manager(name);
	char buf[64];

	setenv("NOTIFY_SOCKET", name, 1);
	assert_string_equal(said(), "");
	assert_int_equal(recv(fd, buf, sizeof(buf), 0), strlen("READY=1"));
	assert_memory_equal(buf, "READY=1", strlen("READY=1"));
	assert_int_equal(recv(fd, buf, sizeof(buf), 0), -1);
	close(fd);
}

static void test_path(void **state)
{
	(void)state;
	expect_ready(path);
}

static void test_abstract(void **state)
{
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "@cvio-notify-test-%d", (int)getpid());
	expect_ready(name);
}

static void test_unset(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_string_equal(said(), "");
}

static void test_warnings(void **state)
{
	char longer[109];
	const struct {
		const char *name;
		int reason;
	} table[] = {
		{longer, ENAMETOOLONG},
		{"", EINVAL},
		{"no/slash", EINVAL},
		{"/nonexistent/notify", ENOENT},
		{"@cvio-notify-test-nobody", ECONNREFUSED},
	};

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char want[512];

		setenv("NOTIFY_SOCKET", table[i].name, 1);
		snprintf(want, sizeof(want),
			"cvio: NOTIFY_SOCKET: \"%s\": READY=1 could not be sent: %s\n",
			table[i].name, strerror(table[i].reason));
		assert_string_equal(said(), want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_abstract),
		cmocka_unit_test(test_unset),
		cmocka_unit_test(test_warnings),
	};

	return cmocka_run_group_tests_name("notify", tests, setup, teardown);
}
