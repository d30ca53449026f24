/* SPDX-License-Identifier: BSD-3-Clause */
/* What socket_probe() finds at a path, with real sockets in a folder of the test's own. */
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
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pmd/socket.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define OTHER_UID 65532

static char folder[] = "/tmp/socket_test.XXXXXX";
static char path[256];

static int setup_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int teardown_path(void **state)
{
	(void)state;
	return unlink(path) < 0 && errno != ENOENT ? -1 : 0;
}

static const char *at(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* A socket at `path`, which listens or not. */
static int bound(int type, bool listening)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(un.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	if (listening)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void test_nothing(void **state)
{
	(void)state;
	assert_int_equal(socket_probe(at("none")), -ENOENT);
	assert_int_equal(socket_probe(at("none/none")), -ENOENT);
	assert_int_equal(socket_probe(""), -ENOENT);
}

static void test_not_a_socket(void **state)
{
	int fd = open(at("file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(socket_probe(path), -ENOTSOCK);
	assert_int_equal(socket_probe(folder), -ENOTSOCK);
}

static void test_stale(void **state)
{
	(void)state;
	at("stale.sock");
	close(bound(SOCK_STREAM, true));
	assert_int_equal(socket_probe(path), -ECONNREFUSED);
}

/* bind() has been called, listen() not yet: as a backend that is just starting */
static void test_not_listening(void **state)
{
	int fd;

	(void)state;
	at("bound.sock");
	fd = bound(SOCK_STREAM, false);
	assert_int_equal(socket_probe(path), -ECONNREFUSED);
	close(fd);
}

static void test_datagram(void **state)
{
	int fd;

	(void)state;
	at("datagram.sock");
	fd = bound(SOCK_DGRAM, false);
	assert_int_equal(socket_probe(path), -EPROTOTYPE);
	close(fd);
}

static void test_listening(void **state)
{
	char longer[sizeof(path)];
	int fd;

	(void)state;
	at("live.sock");
	fd = bound(SOCK_STREAM, true);
	assert_int_equal(socket_probe(path), 0);
	/* a longer path to the same socket: found by stat(2), but no address for connect(2) */
	snprintf(longer, sizeof(longer),
		"%s/.////////////////////////////////////////"
		"////////////////////////////////////////live.sock",
		folder);
	assert_true(strlen(longer) > 107);
	assert_int_equal(socket_probe(longer), -ENAMETOOLONG);
	close(fd);
}

/* A backend that hangs: its queue fills, and the probe must not wait for a place in it. */
static void test_queue_full(void **state)
{
	int fds[8], fd;

	(void)state;
	at("full.sock");
	fd = bound(SOCK_STREAM, true);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		struct sockaddr_un un = {.sun_family = AF_UNIX};

		fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		assert_true(fds[i] >= 0);
		memcpy(un.sun_path, path, strlen(path));
		if (connect(fds[i], (struct sockaddr *)&un, sizeof(un)) < 0)
			assert_int_equal(errno, EAGAIN);
	}
	alarm(5); /* ends the test */
	assert_int_equal(socket_probe(path), 0);
	alarm(0);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
	close(fd);
}

/* No descriptor is left open, whatever was found. */
static void test_descriptors(void **state)
{
	int fd, before, after;

	(void)state;
	at("fds.sock");
	fd = bound(SOCK_STREAM, true);
	before = dup(fd);
	close(before);
	socket_probe(path);
	close(fd);
	socket_probe(path);
	after = dup(STDIN_FILENO);
	assert_true(after <= before);
	close(after);
}

/* What an image's user gets: in a child, since root may do anything, and the test must go on as
 * root. */
static int probed_as_other(void)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && (setresgid(OTHER_UID, OTHER_UID, OTHER_UID) < 0 ||
					      setresuid(OTHER_UID, OTHER_UID, OTHER_UID) < 0))
			_exit(255);
		_exit(-socket_probe(path));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void test_not_permitted(void **state)
{
	static const struct {
		mode_t folder;
		mode_t socket;
		int found;
	} table[] = {
		{0711, 0666, 0},
		{0711, 0444, -EACCES},
		{0600, 0666, -EACCES},
	};
	int fd;

	(void)state;
	at("other.sock");
	fd = bound(SOCK_STREAM, true);
	assert_int_equal(listen(fd, 8), 0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int found;

		assert_int_equal(chmod(path, table[i].socket), 0);
		assert_int_equal(chmod(folder, table[i].folder), 0);
		found = probed_as_other();
		assert_int_equal(chmod(folder, 0700), 0);
		assert_int_equal(found, table[i].found);
	}
	close(fd);
}

static void test_folder(void **state)
{
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(socket_folder_check(at("any")), 0);
	assert_int_equal(socket_folder_check(at("none/any")), -ENOENT);
	assert_int_equal(socket_folder_check("/any"), access("/", W_OK | X_OK) < 0 ? -errno : 0);
	at("any");
	if (getuid() != 0)
		return;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setuid(OTHER_UID) < 0)
			_exit(1);
		_exit(socket_folder_check(path) == -EACCES ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_explain(void **state)
{
	static const struct {
		int why;
		const char *text;
	} table[] = {
		{-ENOENT, "no such file"},
		{-ECONNREFUSED, "nobody listens"},
		{-EACCES, "permission denied; give"},
		{-ENOTSOCK, "not a socket"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_non_null(strstr(socket_explain(table[i].why), table[i].text));
	assert_string_equal(socket_explain(-ELOOP), strerror(ELOOP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test_teardown(test_not_a_socket, teardown_path),
		cmocka_unit_test_teardown(test_stale, teardown_path),
		cmocka_unit_test_teardown(test_not_listening, teardown_path),
		cmocka_unit_test_teardown(test_datagram, teardown_path),
		cmocka_unit_test_teardown(test_listening, teardown_path),
		cmocka_unit_test_teardown(test_queue_full, teardown_path),
		cmocka_unit_test_teardown(test_descriptors, teardown_path),
		cmocka_unit_test_teardown(test_not_permitted, teardown_path),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests_name("socket", tests, setup_folder, teardown_folder);
}
