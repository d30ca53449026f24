/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of how ports get into the container: folders shared, paths rewritten, long ones shortened
 * or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/port_spec.h"
#include "ports/ports.h"

#define LONG_NAME                                                                                  \
	"a-folder-with-a-rather-long-name-such-as-orchestrators-like-to-make-from-several-hashes-" \
	"0123456789"

/* base/x, base/LONG_NAME */
static char base[] = "/tmp/ports_test.XXXXXX";

static int folders_up(void **state)
{
	char path[256];

	(void)state;
	if (mkdtemp(base) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/x", base);
	if (mkdir(path, 0755) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/" LONG_NAME, base);
	return mkdir(path, 0755);
}

static int folders_down(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/x", base);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/" LONG_NAME, base);
	rmdir(path);
	return rmdir(base);
}

static void test_place(void **state)
{
	struct words specs = {0};
	struct ports ports = {0};
	char wanted[256], *text;

	(void)state;
	words_addf(&specs, "vhost-user:%s/x/p0,queues=2", base);
	words_addf(&specs, "vhost-backend:%s/%s/p1", base, LONG_NAME);
	words_addf(&specs, "vhost-user:%s/../%s/x/p2,server", base, base + strlen("/tmp/"));
	assert_int_equal(ports_place(&specs, NULL, &ports, NULL), 0);
	assert_int_equal(ports.folders.count, 2);
	snprintf(wanted, sizeof(wanted), "%s/x", base);
	assert_string_equal(ports.folders.list[0], wanted);
	snprintf(wanted, sizeof(wanted), "%s/" LONG_NAME, base);
	assert_string_equal(ports.folders.list[1], wanted);
	assert_string_equal(ports.targets.list[0], ports.folders.list[0]);
	assert_string_equal(ports.targets.list[1], "/run/cvio/1");
	text = ports_text(&ports);
	snprintf(wanted, sizeof(wanted),
		"vhost-user:%s/x/p0,queues=2 vhost-backend:/run/cvio/1/p1 "
		"vhost-user:%s/x/p2,server",
		base, base);
	assert_string_equal(text, wanted);
	free(text);
	words_fini(&specs);
	ports_fini(&ports);
}

/* The host's path is kept where it can be; of one folder there may be both. */
static void test_place_alias(void **state)
{
	static const struct {
		const char *path, *inside;
	} table[] = {
		{"/dev/p", "/run/cvio/0/p"},
		{"/dev/shm/p", "/run/cvio/0/p"},
		{"/proc/self/p", "/run/cvio/0/p"},
		{"/sys/p", "/run/cvio/0/p"},
		{"/etc/p", "/run/cvio/0/p"},
		{"/run/p", "/run/cvio/0/p"},
		{"/tmp/p", "/tmp/p"},
		{"/usr//bin/../bin/p", "/usr/bin/p"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct words specs = {0};
		struct ports ports = {0};

		words_addf(&specs, "vhost-user:%s", table[i].path);
		assert_int_equal(ports_place(&specs, NULL, &ports, NULL), 0);
		assert_string_equal(strchr(ports.inside.list[0], ':') + 1, table[i].inside);
		words_fini(&specs);
		ports_fini(&ports);
	}
}

static void assert_refused(struct words *specs, int result, const char *message)
{
	struct ports ports = {0};
	struct cvio_error err = {.text = ""};

	assert_int_equal(ports_place(specs, NULL, &ports, &err), result);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	assert_non_null(strstr(err.text, message));
	ports_fini(&ports);
	words_fini(specs);
}

static void test_place_refuses(void **state)
{
	struct words specs = {0};
	char name[99];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	words_addf(&specs, "vhost-user:%s/x/%s", base, name); /* 12 + 98 = 110 */
	assert_refused(&specs, -ENAMETOOLONG, "3 bytes too long");
	words_addf(&specs, "vhost-user:%s/x/p0", base);
	words_addf(&specs, "vhost-backend:%s/x/./p0", base);
	assert_refused(&specs, -EINVAL, "port 1: ");
	words_add(&specs, "vhost-net:eth0");
	assert_refused(&specs, -EINVAL, "vhost-kernel");
	words_add(&specs, "vhost-user:/p0");
	assert_refused(&specs, -EINVAL, "all of /");
	for (size_t i = 0; i <= PORT_MAX; i++)
		words_addf(&specs, "vhost-user:%s/x/p%zu", base, i);
	assert_refused(&specs, -E2BIG, "33 given");
}

/* 107 bytes are the longest that a socket's address takes: with the host's path, then with the
 * alias. */
static void test_place_longest(void **state)
{
	const size_t longest = 107 - strlen(base) - strlen("/x/");
	const size_t lengths[] = {longest, longest + 1, 107 - strlen("/run/cvio/1/")};
	struct words specs = {0};
	struct ports ports = {0};
	char name[108] = "";

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	for (size_t i = 0; i < 3; i++)
		words_addf(&specs, "vhost-user:%s/x/%.*s", base, (int)lengths[i], name);
	assert_int_equal(ports_place(&specs, NULL, &ports, NULL), 0);
	assert_int_equal(ports.folders.count, 2);
	for (size_t i = 0; i < 3; i++) {
		const char *path = strchr(ports.inside.list[i], ':') + 1;
		const char *folder = ports.targets.list[i == 0 ? 0 : 1];

		assert_memory_equal(path, folder, strlen(folder));
		assert_string_equal(strrchr(path, '/') + 1, name + sizeof(name) - 1 - lengths[i]);
	}
	words_fini(&specs);
	ports_fini(&ports);
}

/* A path that is the start of another's is not the same. */
static void test_place_prefix(void **state)
{
	struct words specs = {0};
	struct ports ports = {0};

	(void)state;
	words_addf(&specs, "vhost-user:%s/x/p10", base);
	words_addf(&specs, "vhost-user:%s/x/p1,queues=2", base);
	words_addf(&specs, "vhost-user:%s/x/p", base);
	assert_int_equal(ports_place(&specs, NULL, &ports, NULL), 0);
	words_fini(&specs);
	ports_fini(&ports);
}

static void test_count(void **state)
{
	const struct contract range = {.ports_min = 1, .ports_max = 2};
	const struct contract none = {.ports_min = 0, .ports_max = 0};
	struct cvio_error err;

	(void)state;
	assert_int_equal(ports_check_count(1, &range, "i", &err), 0);
	assert_int_equal(ports_check_count(2, &range, "i", &err), 0);
	assert_int_equal(ports_check_count(0, &none, "i", &err), 0);
	assert_int_equal(ports_check_count(0, &range, "i", &err), -EINVAL);
	assert_string_equal(
		err.text, "--port: 0 given: i takes 1 to 2; add --port vhost-user:PATH");
	assert_int_equal(ports_check_count(3, &range, "i", &err), -EINVAL);
	assert_int_equal(ports_check_count(1, &none, "i", &err), -EINVAL);
	assert_string_equal(err.text, "--port: 1 given: i takes 0; leave some out");
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_place_alias),
		cmocka_unit_test(test_place_refuses),
		cmocka_unit_test(test_place_longest),
		cmocka_unit_test(test_place_prefix),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, folders_up, folders_down);
}
