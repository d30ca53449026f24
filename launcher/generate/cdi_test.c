/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of Container Device Interface specifications: whole texts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "generate/cdi.h"
#include "pmd/grammar/error.h"

static const struct words none;

static void test_devices(void **state)
{
	char *folders[] = {"/run/ovs", NULL}, *targets[] = {"/run/cvio/0", NULL};
	char *gids[] = {"107", NULL};
	const struct words source = {folders, 1, false}, target = {targets, 1, false};
	const struct words groups = {gids, 1, false};
	struct run_plan plan = {
		.name = "l2fwd",
		.ports = "vhost-user:/run/cvio/0/p0.sock",
		.memory = "memfd,64M",
		.folders = &source,
		.targets = &target,
	};
	struct cvio_error err = {0};
	json_t *spec = cdi_new();
	char *text;

	(void)state;
	assert_int_equal(cdi_add(&plan, spec, &err), 0);
	text = json_dumps(spec, 0);
	assert_string_equal(text,
		"{\"cdiVersion\": \"0.3.0\", \"kind\": \"cvio.io/port\", \"devices\": ["
		"{\"name\": \"l2fwd\", \"containerEdits\": {"
		"\"env\": [\"CVIO_PORTS=vhost-user:/run/cvio/0/p0.sock\", "
		"\"CVIO_MEMORY=memfd,64M\"], "
		"\"mounts\": [{\"hostPath\": \"/run/ovs\", \"containerPath\": \"/run/cvio/0\", "
		"\"options\": [\"bind\", \"rw\", \"nosuid\", \"nodev\", \"noexec\"]}]}}]}");
	free(text);

	plan.name = "other";
	plan.groups = &groups;
	assert_int_equal(cdi_add(&plan, spec, &err), 0);
	text = json_dumps(spec, 0);
	assert_non_null(strstr(text, "\"cdiVersion\": \"0.7.0\""));
	assert_non_null(strstr(text, "\"additionalGids\": [107]"));
	free(text);
	json_decref(spec);
}

static void test_name(void **state)
{
	const struct run_plan plan = {.name = "1st", .folders = &none, .targets = &none};
	struct cvio_error err = {0};
	json_t *spec = cdi_new();

	(void)state;
	assert_int_equal(cdi_add(&plan, spec, &err), -EINVAL);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	assert_non_null(strstr(err.text, "1st: a device's name begins with a letter"));
	json_decref(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
