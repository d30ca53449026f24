/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of what a request asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watch/metrics_http.h"

static void test_request(void **state)
{
	static const struct {
		const char *request;
		int status;
	} cases[] = {
		{"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200},
		{"GET / HTTP/1.0\r\n\r\n", 200},
		{"GET /metrics?x=1 HTTP/1.1\r\n\r\n", 200},
		{"GET /metrics2 HTTP/1.1\r\n\r\n", 404},
		{"GET /metric HTTP/1.1\r\n\r\n", 404},
		{"GET //metrics HTTP/1.1\r\n\r\n", 404},
		{"POST /metrics HTTP/1.1\r\n\r\n", 405},
		{"GETS / HTTP/1.1\r\n\r\n", 405},
		{"GET /metrics\r\n\r\n", 400},
		{"GET /metrics SMTP\r\n\r\n", 400},
		{"GET\r\n\r\n", 400},
		{" \r\n\r\n", 400},
		{"", 400},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (metrics_request(cases[i].request) != cases[i].status)
			fail_msg("%s: not %d", cases[i].request, cases[i].status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_request)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
