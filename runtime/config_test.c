/* SPDX-License-Identifier: BSD-3-Clause */
/* The environment: each variable good and bad; every error names the variable and the value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "runtime/config.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define ENTRIES_MAX 8
#define MIB (1ULL << 20)

static struct config config; /* as in boot.c: it is large */

static void test_defaults(void **state)
{
	static char *const environments[][ENTRIES_MAX] = {
		{NULL},
		{"PATH=/bin", "HOME=/", "CVI=1", "XCVIO_PORTS=none", "cvio_log=none"},
		{"CVIO_PORTS=", "CVIO_PORTS= \t"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(environments); i++) {
		memset(&config, 0xff, sizeof(config));
		assert_int_equal(config_read(environments[i], &config, NULL), 0);
		assert_int_equal(config.port_count, 0);
		assert_int_equal(config.memory.kind, MEMORY_AUTO);
		assert_int_equal(config.memory.size, 64 * MIB);
		assert_null(config.lcores);
		assert_null(config.eal_args);
		assert_int_equal(config.log, LOG_LEVEL_NOTICE);
	}
}

static void test_good(void **state)
{
	char *const environment[] = {"A=b", "CVIO_EAL_ARGS=-n 4 --vdev='x=y'",
		"CVIO_LCORES=0@2,1@3", "CVIO_LOG=debug", "CVIO_MEMORY=memfd,32M",
		"CVIO_PORTS=vhost-user:/s/a.sock,wait=3 vhost-user:/s/b.sock,server", NULL};

	(void)state;
	assert_int_equal(config_read(environment, &config, NULL), 0);
	assert_ptr_equal(config.eal_args, environment[1] + strlen("CVIO_EAL_ARGS="));
	assert_ptr_equal(config.lcores, environment[2] + strlen("CVIO_LCORES="));
	assert_int_equal(config.log, LOG_LEVEL_DEBUG);
	assert_int_equal(config.memory.kind, MEMORY_MEMFD);
	assert_int_equal(config.memory.size, 32 * MIB);
	assert_int_equal(config.port_count, 2);
	assert_string_equal(config.ports[0].path, "/s/a.sock");
	assert_int_equal(config.ports[0].wait, 3);
	assert_false(config.ports[0].server);
	assert_string_equal(config.ports[1].path, "/s/b.sock");
	assert_true(config.ports[1].server);
}

static void test_memory(void **state)
{
	static const struct {
		char *entry;
		struct memory_spec want;
	} table[] = {
		{"CVIO_MEMORY=small", {.kind = MEMORY_SMALL, .size = 64 * MIB}},
		{"CVIO_MEMORY=mount,1G", {.kind = MEMORY_MOUNT, .size = 1024 * MIB}},
		{"CVIO_MEMORY=auto", {.kind = MEMORY_AUTO, .size = 64 * MIB}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *const environment[] = {table[i].entry, NULL};

		assert_int_equal(config_read(environment, &config, NULL), 0);
		assert_int_equal(config.memory.kind, table[i].want.kind);
		assert_int_equal(config.memory.size, table[i].want.size);
	}
}

static void test_bad(void **state)
{
	static const struct {
		char *entry;
		const char
			*start; /* of the error: the variable, and the value where there is one */
		const char *remedy;
	} table[] = {
		{"CVIO_LOG=loud", "CVIO_LOG: \"loud\"", "error, warning, notice, info, debug"},
		{"CVIO_LOG=", "CVIO_LOG: \"\"", "error, warning, notice, info, debug"},
		{"CVIO_LOG=DEBUG", "CVIO_LOG: \"DEBUG\"", "error, warning, notice, info, debug"},
		{"CVIO_LOG", "CVIO_LOG: \"\"", "error, warning, notice, info, debug"},
		{"CVIO_LCORES=", "CVIO_LCORES: \"\"", "0@2,1@3"},
		{"CVIO_LCORES=0@1 1@2", "CVIO_LCORES: \"0@1 1@2\"", "0@2,1@3"},
		{"CVIO_MEMORY=", "CVIO_MEMORY: ", "small"},
		{"CVIO_MEMORY=huge", "CVIO_MEMORY: ", "small"},
		{"CVIO_MEMORY=memfd,lots", "CVIO_MEMORY: ", "lots"},
		{"CVIO_PORTS=vhost-user", "CVIO_PORTS: ", "vhost-user"},
		{"CVIO_PORTS=vhost-user:/a vhost-user:/a", "CVIO_PORTS: ", "/a"},
		{"CVIO_PORTS=vhost-user:/a,queues=0", "CVIO_PORTS: ", "queues=0"},
		{"CVIO_PORT=vhost-user:/a", "CVIO_PORT: no such variable", "CVIO_PORTS"},
		{"CVIO_PORTSX=vhost-user:/a", "CVIO_PORTSX: no such variable", "CVIO_PORTS"},
		{"CVIO_=1", "CVIO_: no such variable", "CVIO_EAL_ARGS"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *const environment[] = {"A=b", table[i].entry, NULL};
		struct cvio_error err = {0};
		int ret = config_read(environment, &config, &err);

		if (ret >= 0 || err.exit_code != CVIO_EXIT_CONFIG)
			fail_msg("%s: %d, exit code %d", table[i].entry, ret, err.exit_code);
		if (strncmp(err.text, table[i].start, strlen(table[i].start)) != 0 ||
			strstr(err.text, table[i].remedy) == NULL)
			fail_msg("%s: \"%s\"", table[i].entry, err.text);
		assert_true(config_read(environment, &config, NULL) < 0);
	}
}

/* The first error counts: a later good value doesn't hide it. */
static void test_first_error(void **state)
{
	char *const environment[] = {"CVIO_LOG=loud", "CVIO_LOG=info", "CVIO_MEMORY=x", NULL};
	struct cvio_error err = {0};

	(void)state;
	assert_true(config_read(environment, &config, &err) < 0);
	assert_non_null(strstr(err.text, "\"loud\""));
}

/* However long the value is, the line still says what is wanted. */
static void test_long_value(void **state)
{
	static const struct {
		const char *name;
		const char *remedy;
	} table[] = {
		{"CVIO_LOG=", "debug is wanted"},
		{"CVIO_LCORES= ", "such as 0@2,1@3"},
		{"CVIO_MEMORY=", "wanted"},
		{"CVIO_MEMORY=memfd,", "such as 64M is wanted"},
		{"CVIO_x", "are known"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char entry[4096];
		char *const environment[] = {entry, NULL};
		struct cvio_error err = {0};

		memset(entry, '9', sizeof(entry) - 1);
		entry[sizeof(entry) - 1] = '\0';
		memcpy(entry, table[i].name, strlen(table[i].name));
		assert_true(config_read(environment, &config, &err) < 0);
		if (strstr(err.text, table[i].remedy) == NULL)
			fail_msg("%s: \"%s\"", table[i].name, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_first_error),
		cmocka_unit_test(test_long_value),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
