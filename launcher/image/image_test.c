/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of what an image's description and its labels mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "image/image.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static void test_parse(void **state)
{
	static const char text[] =
		"[{\"Size\": 300000, \"Config\": {\"User\": \"65532:65533\", \"Entrypoint\": "
		"[\"/app\"],"
		"\"Labels\": {\"io.cvio.contract\": \"1\", \"io.cvio.memory\": \"auto,64M\","
		"\"io.cvio.ports\": \"1..2\", \"io.cvio.cpu\": \"x86-64-v3\", \"io.cvio.dpdk\": "
		"\"22.11.11\","
		"\"io.containers.seccomp.profile\": \"{}\"}}}]";
	struct image image;
	struct image_user user;

	(void)state;
	assert_int_equal(image_parse(text, &image), 0);
	assert_string_equal(image.contract, "1");
	assert_string_equal(image.memory, "auto,64M");
	assert_string_equal(image.ports, "1..2");
	assert_string_equal(image.cpu, "x86-64-v3");
	assert_string_equal(image.dpdk, "22.11.11");
	assert_string_equal(image.seccomp, "{}");
	assert_int_equal(image.size, 300000);
	image_user(&image, &user);
	assert_true(user.known);
	assert_int_equal(user.uid, 65532);
	assert_int_equal(user.gid, 65533);
	image_fini(&image);
}

static void test_parse_bare(void **state)
{
	struct image image;

	(void)state;
	assert_int_equal(image_parse("[{\"Config\": {\"Labels\": null}}]", &image), 0);
	assert_null(image.contract);
	assert_string_equal(image.user, "");
	image_fini(&image);
}

static void test_parse_refuses(void **state)
{
	static const char *const bad[] = {"", "[]", "{}", "[{}]", "[{\"Config\": 1}]", "no JSON"};
	struct image image;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(image_parse(bad[i], &image), -EINVAL);
}

static void test_parse_oci(void **state)
{
	static const char *const bad[] = {"", "[]", "{}", "{\"config\": []}",
		"{\"config\": {\"Labels\": {\"io.cvio.platform\": \"any\"}}}"};
	struct image image;

	(void)state;
	assert_int_equal(image_parse_oci("{\"config\": {\"User\": \"1\", \"Labels\": "
					 "{\"io.cvio.contract\": \"1\"}}}",
				 &image),
		0);
	assert_string_equal(image.user, "1");
	assert_string_equal(image.contract, "1");
	image_fini(&image);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(image_parse_oci(bad[i], &image), -EINVAL);
}

static void test_name_is_whole(void **state)
{
	static const char *const whole[] = {"localhost/a", "localhost/a/b:tag", "quay.io/a",
		"host:5000/a:tag", "localhost:1/a"};
	static const char *const others[] = {"", "a", "a:tag", "a/b", "a/b.c", "e7cd2f681f1e",
		"localhost", "localhosts/a", "localhost/a@sha256:00", "docker://quay.io/a", "/a.b",
		"[overlay@/tmp]localhost/a", "./a", "-x.y/a"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++)
		assert_true(image_name_is_whole(whole[i]));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(image_name_is_whole(others[i]));
}

static struct image image_good(void)
{
	return (struct image){.user = "",
		.contract = "1",
		.memory = "memfd,64M",
		.ports = "1..2",
		.cpu = "x86-64-v3",
		.seccomp = "{}"};
}

static void test_contract(void **state)
{
	struct image image = image_good();
	struct contract contract;

	(void)state;
	assert_int_equal(image_contract(&image, "i", &contract, NULL), 0);
	assert_int_equal(contract.memory.kind, MEMORY_MEMFD);
	assert_int_equal(contract.memory.size, 64 << 20);
	assert_int_equal(contract.ports_min, 1);
	assert_int_equal(contract.ports_max, 2);
	assert_string_equal(contract.cpu, "x86-64-v3");
}

/* Each label in turn is missing: the message names it and the flag. */
static void test_contract_missing(void **state)
{
	static const struct {
		size_t offset;
		const char *label;
	} table[] = {
		{offsetof(struct image, contract), "io.cvio.contract"},
		{offsetof(struct image, memory), "io.cvio.memory"},
		{offsetof(struct image, ports), "io.cvio.ports"},
		{offsetof(struct image, cpu), "io.cvio.cpu"},
		{offsetof(struct image, seccomp), "io.containers.seccomp.profile"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct image image = image_good();
		struct cvio_error err;
		struct contract contract;

		*(const char **)((char *)&image + table[i].offset) = NULL;
		assert_int_equal(image_contract(&image, "some/image", &contract, &err), -EINVAL);
		assert_int_equal(err.exit_code, LAUNCHER_EXIT_UNFIT);
		assert_non_null(strstr(err.text, table[i].label));
		assert_non_null(strstr(err.text, "some/image"));
		assert_non_null(strstr(err.text, "--force-unlabelled"));
	}
}

static void test_contract_wrong(void **state)
{
	static const struct {
		size_t offset;
		const char *value;
	} table[] = {
		{offsetof(struct image, contract), "2"},
		{offsetof(struct image, contract), ""},
		{offsetof(struct image, contract), "1 "},
		{offsetof(struct image, memory), "much"},
		{offsetof(struct image, ports), "1"},
		{offsetof(struct image, ports), "2..1"},
		{offsetof(struct image, ports), "-1..1"},
		{offsetof(struct image, ports), "1..2x"},
		{offsetof(struct image, ports), ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct image image = image_good();
		struct cvio_error err;
		struct contract contract;

		*(const char **)((char *)&image + table[i].offset) = table[i].value;
		assert_int_equal(image_contract(&image, "i", &contract, &err), -EINVAL);
		assert_int_equal(err.exit_code, LAUNCHER_EXIT_UNFIT);
		assert_non_null(strstr(err.text, "\""));
	}
}

static void test_user(void **state)
{
	static const struct {
		const char *text;
		bool known;
		uid_t uid;
		gid_t gid;
	} table[] = {
		{"", true, 0, 0},
		{"0", true, 0, 0},
		{"65532", true, 65532, 0},
		{"65532:7", true, 65532, 7},
		{"nobody", false, 0, 0},
		{"65532:nogroup", false, 0, 0},
		{"1:2:3", false, 0, 0},
		{":", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct image image = {.user = table[i].text};
		struct image_user user;

		image_user(&image, &user);
		assert_int_equal(user.known, table[i].known);
		if (user.known) {
			assert_int_equal(user.uid, table[i].uid);
			assert_int_equal(user.gid, table[i].gid);
		}
	}
}

static void test_seccomp_count(void **state)
{
	(void)state;
	assert_int_equal(
		seccomp_count("{\"syscalls\": ["
			      "{\"names\": [\"read\", \"write\"], \"action\": \"SCMP_ACT_ALLOW\"},"
			      "{\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_ERRNO\"},"
			      "{\"names\": [\"exit\"], \"action\": \"SCMP_ACT_ALLOW\"}]}"),
		3);
	assert_int_equal(seccomp_count("{\"syscalls\": []}"), 0);
	assert_int_equal(seccomp_count("{}"), -EINVAL);
	assert_int_equal(seccomp_count("no JSON"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_bare),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_parse_oci),
		cmocka_unit_test(test_name_is_whole),
		cmocka_unit_test(test_contract),
		cmocka_unit_test(test_contract_missing),
		cmocka_unit_test(test_contract_wrong),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_seccomp_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
