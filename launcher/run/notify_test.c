/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the ready signal: what counts as one, and that nothing of the folder stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "pmd/grammar/error.h"
#include "run/notify.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static char run_dir[] = "/tmp/notify_test.XXXXXX";

static int run_dir_up(void **state)
{
	(void)state;
	return mkdtemp(run_dir) == NULL ? -1 : 0;
}

/* Fails if anything is left. */
static int run_dir_down(void **state)
{
	(void)state;
	return rmdir(run_dir);
}

static void send_to(const struct notify *notify, const char *message)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%.90s/ready.sock", notify->inner);
	assert_int_equal(
		sendto(s, message, strlen(message), 0, (struct sockaddr *)&addr, sizeof(addr)),
		strlen(message));
	close(s);
}

static void test_ready(void **state)
{
	static const struct {
		const char *message;
		bool ready;
	} table[] = {
		{"READY=1", true},
		{"READY=1\n", true},
		{"STATUS=up\nREADY=1", true},
		{"READY=1\nMAINPID=1", true},
		{"READY=0", false},
		{"READY=12", false},
		{"XREADY=1", false},
		{"STATUS=READY=1", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct notify notify;

		assert_int_equal(notify_open(&notify, run_dir, NULL), 0);
		assert_false(notify_is_ready(&notify));
		send_to(&notify, table[i].message);
		assert_int_equal(notify_is_ready(&notify), table[i].ready);
		notify_close(&notify);
	}
}

static void test_ready_after_others(void **state)
{
	struct notify notify;

	(void)state;
	assert_int_equal(notify_open(&notify, run_dir, NULL), 0);
	send_to(&notify, "STATUS=waiting");
	send_to(&notify, "READY=1");
	assert_true(notify_is_ready(&notify));
	notify_close(&notify);
}

/* Another user gets to the socket through the mounted folder. */
static void test_modes(void **state)
{
	struct notify notify;
	struct stat st;
	char path[PATH_MAX + 16];
	mode_t old = umask(077);

	(void)state;
	assert_int_equal(notify_open(&notify, run_dir, NULL), 0);
	umask(old);
	assert_int_equal(stat(notify.inner, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0711);
	snprintf(path, sizeof(path), "%s/ready.sock", notify.inner);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0666);
	notify_close(&notify);
	assert_int_equal(notify.fd, -1);
	notify_close(&notify); /* harmless */
}

static void test_refuses(void **state)
{
	struct notify notify;
	struct cvio_error err;

	(void)state;
	assert_true(notify_open(&notify, "/nonexistent", &err) < 0);
	assert_int_equal(err.exit_code, CVIO_EXIT_SOFTWARE);
	assert_non_null(strstr(err.text, "/nonexistent"));
	assert_int_equal(notify.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_ready_after_others),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, run_dir_up, run_dir_down);
}
