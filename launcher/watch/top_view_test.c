/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the rates and of the screen's size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "watch/telemetry.h"
#include "watch/top_view.h"

static void near(double got, double wanted)
{
	if (fabs(got - wanted) > 1e-9)
		fail_msg("%f, not %f", got, wanted);
}

static void test_rates(void **state)
{
	const struct port_figures before = {.rx_packets = 1000,
		.tx_packets = 500,
		.rx_bytes = 60000,
		.rx_errors = 1,
		.has_polls = true,
		.polls = 100,
		.empty_polls = 100};
	const struct port_figures now = {.rx_packets = 2001000,
		.tx_packets = 1000500,
		.rx_bytes = 250060000,
		.tx_bytes = 0,
		.rx_errors = 3,
		.rx_missed = 2,
		.tx_errors = 4,
		.has_polls = true,
		.polls = 1100,
		.empty_polls = 350};
	struct port_rates r = top_rates(&before, &now, 2);

	(void)state;
	near(r.rx_mpps, 1);
	near(r.tx_mpps, 0.5);
	near(r.rx_gbps, 1);
	near(r.tx_gbps, 0);
	near(r.drops, 4);
	near(r.idle, 0.25);
}

static void test_rates_unknown(void **state)
{
	const struct port_figures high = {.rx_packets = 9, .has_polls = true, .polls = 9};
	const struct port_figures low = {.has_polls = true, .polls = 1, .empty_polls = 1};

	(void)state;
	near(top_rates(NULL, &high, 1).rx_mpps, 0);
	near(top_rates(NULL, &high, 1).idle, -1);
	/* the counters were cleared */
	near(top_rates(&high, &low, 1).rx_mpps, 0);
	near(top_rates(&high, &low, 1).idle, -1);
	/* not polled in between */
	near(top_rates(&low, &low, 1).idle, -1);
	near(top_rates(&low, &high, 0).rx_mpps, 0);
}

static void test_cpu(void **state)
{
	struct container_figures a = {.pid = 7, .cpu_seconds = 1, .time_ns = 1000000000};
	struct container_figures b = {.pid = 7, .cpu_seconds = 2, .time_ns = 3000000000};

	(void)state;
	near(top_cpu(&a, &b), 50);
	near(top_cpu(NULL, &b), -1);
	near(top_cpu(&b, &b), -1);
	b.pid = 8;
	near(top_cpu(&a, &b), -1);
}

static size_t longest(const char *text, size_t *lines)
{
	size_t most = 0;

	*lines = 1;
	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, "\r\n\x1b");

		most = n > most ? n : most;
		p += n;
		*lines += *p == '\n';
		if (*p == '\x1b')
			p += strcspn(p, "KJ");
		p += *p != '\0';
	}
	return most;
}

/* Whatever the terminal's size, nothing is wrapped or scrolled. */
static void test_screen(void **state)
{
	struct container_figures list[3] = {
		{.run_id = "cvio-a", .name = "a-name-that-is-very-long-indeed", .port_count = 30},
		{.run_id = "cvio-b", .name = "b", .state = TELEMETRY_SILENT},
		{.run_id = "cvio-c", .name = "c", .port_count = 1}};
	const struct figures now = {list, 3}, none = {0};
	char *text;
	size_t size, lines;

	(void)state;
	for (size_t i = 0; i < TELEMETRY_PORTS; i++)
		memset(list[0].ports[i].path, 'p', TELEMETRY_TEXT - 1);
	for (size_t rows = 1; rows < 60; rows += 7)
		for (size_t columns = 1; columns < 300; columns += 37) {
			FILE *out = open_memstream(&text, &size);

			top_write(out, &none, &now, "12:00:00", rows, columns);
			fclose(out);
			assert_true(longest(text, &lines) <= columns);
			assert_true(lines <= rows);
			free(text);
		}
}

static void test_lines(void **state)
{
	struct container_figures a = {
		.run_id = "cvio-a", .name = "a", .time_ns = 1, .port_count = 1};
	struct container_figures b = a;
	const struct figures before = {&a, 1}, now = {&b, 1};
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	b.time_ns += 1000000000;
	b.ports[0] = (struct port_figures){.rx_packets = 1234000, .up = true, .path = "/run/p0"};
	top_write(out, &before, &now, "12:00:00", 24, 200);
	fclose(out);
	assert_non_null(strstr(text, "1 container, 1 port "));
	assert_non_null(strstr(text, "a                   0 up   -             1.234    0.000"));
	assert_non_null(strstr(text, "/run/p0"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_rates_unknown),
		cmocka_unit_test(test_cpu),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
