/* SPDX-License-Identifier: BSD-3-Clause */
/* What `podman info` tells, and what is said where it can't be asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <jansson.h>

#include "base/exit.h"
#include "check/check.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define OK CHECK_OK
#define WARNING CHECK_WARNING
#define FAILURE CHECK_FAILURE

static void test_podman(void **state)
{
	static const struct {
		const char *info;
		check_function *check;
		const char *name;
		enum check_result result;
		const char *value;
	} table[] = {
		{"{\"version\": {\"Version\": \"4.3.1\"}}", check_podman, "podman", OK, "4.3.1"},
		{"{\"version\": {\"Version\": \"5.0\"}}", check_podman, "podman", OK, "5.0"},
		{"{\"version\": {\"Version\": \"4.2.9\"}}", check_podman, "podman", WARNING,
			"4.2.9; 4.3 is the oldest"},
		{"{\"version\": {\"Version\": \"3.4.4\"}}", check_podman, "podman", WARNING,
			"3.4.4"},
		{"{}", check_podman, "podman", FAILURE, "isn't understood"},
		{"[]", check_podman, "podman", FAILURE, "isn't understood"},
		{"{\"host\": {\"cgroupVersion\": \"v2\", \"cgroupManager\": \"systemd\", "
		 "\"ociRuntime\": {\"name\": \"crun\", \"version\": \"crun version 1.8\\nx\"}}}",
			check_engine, "runtime", OK, "crun 1.8, cgroups v2, by systemd"},
		{"{\"host\": {\"ociRuntime\": {\"name\": \"crun\", \"version\": \"\"}}}",
			check_engine, "runtime", FAILURE, "no OCI runtime"},
		{"{\"host\": {\"security\": {\"seccompEnabled\": true}}}", check_seccomp, "seccomp",
			OK, "podman filters"},
		{"{\"host\": {\"security\": {\"seccompEnabled\": false}}}", check_seccomp,
			"seccomp", WARNING, "doesn't filter"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		json_t *info = json_loads(table[i].info, 0, NULL);
		const struct check_host host = {.root = "/no/such", .podman = info};
		struct check_report report = {0};

		assert_non_null(info);
		table[i].check(&host, &report);
		if (report.count != 1 || report.lines[0].result != table[i].result ||
			strstr(report.lines[0].value, table[i].value) == NULL)
			fail_msg("row %zu: %s", i,
				report.count > 0 ? report.lines[0].value : "no line");
		/* what isn't ok always has a remedy */
		assert_int_equal(report.lines[0].result == OK, report.lines[0].remedy[0] == '\0');
		check_report_fini(&report);
		json_decref(info);
	}
}

static void test_no_podman(void **state)
{
	const struct cvio_error missing = {LAUNCHER_EXIT_NO_PODMAN,
		"podman: not found in PATH; install it (Debian: apt install podman)"};
	const struct cvio_error broken = {CVIO_EXIT_SOFTWARE, "podman: the disk is full"};
	struct check_host host = {.root = "", .reason = &missing};
	struct check_report report = {0};

	(void)state;
	check_podman(&host, &report);
	assert_string_equal(report.lines[0].value, "not found in PATH");
	assert_string_equal(report.lines[0].remedy, "apt install podman");
	assert_int_equal(report.exit_code, LAUNCHER_EXIT_NO_PODMAN);
	host.reason = &broken;
	check_podman(&host, &report);
	assert_string_equal(report.lines[1].value, "the disk is full");
	assert_int_equal(report.exit_code, LAUNCHER_EXIT_NO_PODMAN); /* the first */
	check_report_fini(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_podman),
		cmocka_unit_test(test_no_podman),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
