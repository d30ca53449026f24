/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the list of containers, from podman's JSON to the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/ps_list.h"

static const char ps[] =
	"[{\"Id\": \"2\", \"Names\": [\"d-sw\"], \"Image\": \"localhost/sw:latest\", \"State\": "
	"\"running\", \"StartedAt\": 1000, \"Labels\": {\"io.cvio.chain\": \"d\", "
	"\"io.cvio.chain.container\": \"sw\"}},"
	"{\"Id\": \"1\", \"Names\": [\"alone\"], \"Image\": \"i\", \"State\": \"exited\", "
	"\"StartedAt\": 1000, \"Labels\": {}},"
	"{\"Id\": \"gone\", \"Names\": [\"gone\"], \"Image\": \"i\", \"State\": \"running\"}]";

static const char inspect[] =
	"[{\"Id\": \"1\", \"Config\": {\"Env\": [\"X=1\", \"CVIO_LCORES=0@3\"]}},"
	"{\"Id\": \"2\", \"HostConfig\": {\"CpusetCpus\": \"0-1\"}, \"Config\": {\"Env\": "
	"[\"CVIO_PORTS=vhost-backend:/run/cvio/0/p.sock vhost-user:/a/b.sock,queues=2 "
	"vhost-user:/run/cvio/01.sock\"]}, \"Mounts\": [{\"Source\": \"/run/cvio/chain-d/x\", "
	"\"Destination\": \"/run/cvio/0\"}]}]";

static void test_table(void **state)
{
	static const char expected[] =
		"NAME   CHAIN  IMAGE                STATE    CPUS   UPTIME  PORTS\n"
		"alone  -      i                    exited   0@3         -\n"
		"d-sw   d      localhost/sw:latest  running  0-1     1h01m  "
		"vhost-backend:/run/cvio/chain-d/x/p.sock vhost-user:/a/b.sock,queues=2 and 1 "
		"more\n";
	json_t *list = ps_list(ps, inspect, 1000 + 3660);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(list);
	assert_int_equal(json_array_size(list), 2);
	ps_print(list, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
	json_decref(list);
}

static void test_json(void **state)
{
	json_t *list = ps_list(ps, inspect, 1012);
	const json_t *alone = json_array_get(list, 0), *sw = json_array_get(list, 1);

	(void)state;
	assert_true(json_is_null(json_object_get(alone, "chain")));
	assert_true(json_is_null(json_object_get(alone, "uptime")));
	assert_int_equal(json_array_size(json_object_get(alone, "ports")), 0);
	assert_string_equal(json_string_value(json_object_get(sw, "container")), "sw");
	assert_int_equal(json_integer_value(json_object_get(sw, "uptime")), 12);
	assert_string_equal(json_string_value(json_array_get(json_object_get(sw, "ports"), 2)),
		"vhost-user:/run/cvio/01.sock");
	json_decref(list);
}

static void test_refuses(void **state)
{
	(void)state;
	assert_null(ps_list("", "[]", 0));
	assert_null(ps_list("[]", "", 0));
	assert_null(ps_list("{}", "[]", 0));
}

static void test_uptimes(void **state)
{
	static const struct {
		int seconds;
		const char *text;
	} table[] = {{59, " 0m59s"}, {61, " 1m01s"}, {86399, " 23h59m"}, {90000, " 1d01h"}};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		json_t *list = ps_list(ps, inspect, 1000 + table[i].seconds);
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		ps_print(list, out);
		assert_int_equal(fclose(out), 0);
		assert_non_null(strstr(text, table[i].text));
		free(text);
		json_decref(list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_uptimes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
