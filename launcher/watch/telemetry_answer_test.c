/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of what a container's answers become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "watch/telemetry.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void test_answer(void **state)
{
	static const struct {
		const char *text, *command;
		bool good;
	} cases[] = {
		{"{\"/ethdev/list\":[0]}", "/ethdev/list", true},
		{"{\"/cvio/port\":{}}", "/cvio/port,12", true},
		{"{\"/cvio/port\":null}", "/cvio/port,12", true},
		{"{\"/ethdev/list\":[0]}", "/ethdev/stats", false},
		{"{\"/ethdev/list\":[0]", "/ethdev/list", false},
		{"[1]", "/ethdev/list", false},
		{"", "/ethdev/list", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		json_t *value =
			telemetry_answer(cases[i].text, strlen(cases[i].text), cases[i].command);

		assert_int_equal(value != NULL, cases[i].good);
		json_decref(value);
	}
}

static void test_port(void **state)
{
	struct port_figures p = {.index = -1};
	char ring[16];
	json_t *answer =
		json_loads("{\"index\":3,\"kind\":\"vhost-user\",\"path\":\"/run/a\\u001b[2J\","
			   "\"ring\":\"packed\",\"in_order\":1,\"mergeable\":0,"
			   "\"vectorized_rx\":0,\"vectorized_tx\":1,\"queues_max\":8,"
			   "\"link\":\"up\",\"queues\":2,\"mac\":\"02:00:00:00:00:01\"}",
			0, NULL);

	(void)state;
	telemetry_read_port(answer, &p);
	json_decref(answer);
	assert_int_equal(p.index, 3);
	assert_string_equal(p.path, "/run/a?[2J");
	assert_string_equal(p.mac, "02:00:00:00:00:01");
	assert_true(p.up && p.has_layout && p.packed && p.in_order && !p.mergeable);
	assert_true(p.vectorized_tx && !p.vectorized_rx);
	assert_int_equal(p.queues, 2);
	assert_int_equal(p.queues_max, 8);
	port_ring_format(&p, ring);
	assert_string_equal(ring, "packed iv");
}

/* What an image without our commands gives, and what is of another type than it should be. */
static void test_port_nothing(void **state)
{
	struct port_figures p = {.index = -1};
	char ring[16];
	json_t *answer = json_loads(
		"{\"path\":7,\"queues\":-1,\"queues_max\":1e9,\"in_order\":\"x\"}", 0, NULL);

	(void)state;
	telemetry_read_port(answer, &p);
	json_decref(answer);
	assert_int_equal(p.index, -1);
	assert_string_equal(p.path, "");
	assert_int_equal(p.queues, 0);
	assert_int_equal(p.queues_max, 0);
	assert_false(p.up || p.has_layout || p.in_order);
	port_ring_format(&p, ring);
	assert_string_equal(ring, "-");
}

static void test_stats(void **state)
{
	struct port_figures p = {0};
	json_t *answer = json_loads("{\"ipackets\":1,\"opackets\":2,\"ibytes\":3,\"obytes\":4,"
				    "\"imissed\":5,\"ierrors\":6,\"oerrors\":7,\"rx_nombuf\":8,"
				    "\"q_ipackets\":[1,0]}",
		0, NULL);
	json_t *polls = json_loads("{\"polls\":9223372036854775807,\"empty\":5}", 0, NULL);

	(void)state;
	telemetry_read_stats(answer, &p);
	telemetry_read_polls(polls, &p);
	json_decref(answer);
	json_decref(polls);
	assert_int_equal(p.rx_packets, 1);
	assert_int_equal(p.tx_packets, 2);
	assert_int_equal(p.rx_bytes, 3);
	assert_int_equal(p.tx_bytes, 4);
	assert_int_equal(port_rx_drops(&p), 5 + 6 + 8);
	assert_int_equal(port_tx_drops(&p), 7);
	assert_true(p.has_polls);
	assert_int_equal(p.polls, INT64_MAX);
	assert_int_equal(p.empty_polls, 5);
}

static void test_list(void **state)
{
	static const struct {
		const char *text;
		int result;
		size_t count;
	} cases[] = {
		{"[]", 0, 0},
		{"[0,4]", 0, 2},
		{"[-1]", -EINVAL, 0},
		{"[\"0\"]", -EINVAL, 0},
		{"null", -EINVAL, 0},
		{"[0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3]", 0,
			TELEMETRY_PORTS},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct container_figures c = {0};
		json_t *answer = json_loads(cases[i].text, JSON_DECODE_ANY, NULL);

		assert_int_equal(telemetry_read_list(answer, &c), cases[i].result);
		assert_int_equal(c.port_count, cases[i].count);
		json_decref(answer);
	}
}

static void test_description(void **state)
{
	static const char good[] = "{\"name\":\"l2fwd\",\"image\":\"localhost/cvio/l2fwd\"}";
	struct container_figures c = {0};

	(void)state;
	assert_int_equal(telemetry_read_description(good, strlen(good), &c), 0);
	assert_string_equal(c.name, "l2fwd");
	assert_string_equal(c.image, "localhost/cvio/l2fwd");
	assert_int_equal(telemetry_read_description("{}", 2, &c), -EINVAL);
	assert_int_equal(telemetry_read_description("", 0, &c), -EINVAL);
}

static void test_cpu(void **state)
{
	(void)state;
	assert_int_equal(telemetry_cpu_ticks("7 (a) b) R 1 2 3 4 5 6 7 8 9 10 150 25 0 0"), 175);
	assert_int_equal(telemetry_cpu_ticks("7 (l2fwd) S 1 7 7 0 -1 4194560 1 2 3 4 33 44 0"), 77);
	assert_int_equal(telemetry_cpu_ticks("7 (l2fwd) S 1 7"), -EINVAL);
	assert_int_equal(telemetry_cpu_ticks(""), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_port_nothing),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
