/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the memory grammar by tables of texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/memory_spec.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIB (1ULL << 20)

static void test_good(void **state)
{
	static const struct {
		const char *text;
		struct memory_spec spec;
		const char *printed;
	} good[] = {
		{"auto", {.kind = MEMORY_AUTO, .size = 0}, "auto"},
		{"memfd", {.kind = MEMORY_MEMFD, .size = 0}, "memfd"},
		{"mount", {.kind = MEMORY_MOUNT, .size = 0}, "mount"},
		{"small", {.kind = MEMORY_SMALL, .size = 0}, "small"},
		{"memfd,64M", {.kind = MEMORY_MEMFD, .size = 64 * MIB}, "memfd,64M"},
		{"mount,1G", {.kind = MEMORY_MOUNT, .size = 1024 * MIB}, "mount,1G"},
		{"mount,1024M", {.kind = MEMORY_MOUNT, .size = 1024 * MIB}, "mount,1G"},
		{"mount,1026M", {.kind = MEMORY_MOUNT, .size = 1026 * MIB}, "mount,1026M"},
		{"mount,2G,1G", {MEMORY_MOUNT, 2048 * MIB, MEMORY_PAGE_1G}, "mount,2G,1G"},
		{"mount,1025M,1G", {MEMORY_MOUNT, 2048 * MIB, MEMORY_PAGE_1G}, "mount,2G,1G"},
		{"mount,9M,2M", {MEMORY_MOUNT, 10 * MIB, MEMORY_PAGE_2M}, "mount,10M,2M"},
		{"small,8M", {.kind = MEMORY_SMALL, .size = 8 * MIB}, "small,8M"},
		{"small,8388608", {.kind = MEMORY_SMALL, .size = 8 * MIB}, "small,8M"},
		{"small,8388609", {.kind = MEMORY_SMALL, .size = 10 * MIB}, "small,10M"},
		{"small,9M", {.kind = MEMORY_SMALL, .size = 10 * MIB}, "small,10M"},
		{"small,10241K", {.kind = MEMORY_SMALL, .size = 12 * MIB}, "small,12M"},
		{"auto,512G", {.kind = MEMORY_AUTO, .size = 512 * 1024 * MIB}, "auto,512G"},
		{"auto,549755813888", {.kind = MEMORY_AUTO, .size = 512 * 1024 * MIB}, "auto,512G"},
		{"auto,549755813887", {.kind = MEMORY_AUTO, .size = 512 * 1024 * MIB}, "auto,512G"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct memory_spec spec, again;
		char buf[32];

		assert_int_equal(memory_spec_parse(good[i].text, &spec, NULL), 0);
		assert_int_equal(spec.kind, good[i].spec.kind);
		assert_int_equal(spec.size, good[i].spec.size);
		assert_int_equal(spec.page, good[i].spec.page);
		assert_int_equal(
			memory_spec_format(&spec, buf, sizeof(buf)), strlen(good[i].printed));
		assert_string_equal(buf, good[i].printed);
		assert_int_equal(memory_spec_parse(buf, &again, NULL), 0);
		assert_int_equal(again.kind, spec.kind);
		assert_int_equal(again.size, spec.size);
	}
}

#define SIZE_CASE(size)                                   \
	"memfd," size, "memory \"memfd," size "\": " size \
		       ": a size from 8M to 512G such as 64M is wanted"
#define KIND_WANTED "auto, memfd, mount or small is wanted, then ,SIZE"

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} bad[] = {
		{"", "memory \"\": unknown kind \"\": " KIND_WANTED},
		{"hugepages", "memory \"hugepages\": unknown kind \"hugepages\": " KIND_WANTED},
		{"64M", "unknown kind \"64M\": " KIND_WANTED},
		{",64M", "unknown kind \"\": " KIND_WANTED},
		{"Auto", "unknown kind \"Auto\": " KIND_WANTED},
		{"memfdx", "unknown kind \"memfdx\": " KIND_WANTED},
		{"mem", "unknown kind \"mem\": " KIND_WANTED},
		{"memfd 64M", "unknown kind \"memfd 64M\": " KIND_WANTED},
		{"memfd=64M", "unknown kind \"memfd=64M\": " KIND_WANTED},
		{"memfd\n", "a character that can't be printed: " KIND_WANTED},
		{"memfd,64M\x1b[2J", "a character that can't be printed: " KIND_WANTED},
		{"memfd,1G,1G", "1G: the size of pages can be chosen for mount only"},
		{"mount,1G,4K", "4K: pages of 2M or 1G are wanted"},
		{"mount,1G,", "\"mount,1G,\": : pages of 2M or 1G are wanted"},
		{"mount,1G,1G,", "1G,: pages of 2M or 1G are wanted"},
		{"mount,,1G", "\"mount,,1G\": : a size from 8M to 512G such as 64M is wanted"},
		{SIZE_CASE("")},
		{SIZE_CASE("M")},
		{SIZE_CASE("-64M")},
		{SIZE_CASE("+64M")},
		{SIZE_CASE(" 64M")},
		{SIZE_CASE("64M ")},
		{SIZE_CASE("64m")},
		{SIZE_CASE("64T")},
		{SIZE_CASE("64MB")},
		{SIZE_CASE("64MM")},
		{SIZE_CASE("1.5G")},
		{SIZE_CASE("0x8000000")},
		{SIZE_CASE("0")},
		{SIZE_CASE("64")},
		{SIZE_CASE("7M")},
		{SIZE_CASE("8388607")},
		{SIZE_CASE("549755813889")},
		{SIZE_CASE("513G")},
		{SIZE_CASE("524289M")},
		{SIZE_CASE("18446744073709551615")},
		{SIZE_CASE("18446744073709551616")},
		{SIZE_CASE("17179869185G")},
		{SIZE_CASE("18014398509481984K")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct memory_spec spec = {.kind = MEMORY_SMALL, .size = 7};
		struct cvio_error err = {0};

		if (memory_spec_parse(bad[i].text, &spec, &err) != -EINVAL)
			fail_msg("\"%s\" was accepted", bad[i].text);
		assert_int_equal(memory_spec_parse(bad[i].text, &spec, NULL), -EINVAL);
		assert_int_equal(spec.kind, MEMORY_SMALL);
		assert_int_equal(spec.size, 7);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, bad[i].error) == NULL)
			fail_msg("\"%s\" isn't in \"%s\"", bad[i].error, err.text);
	}
}

/* A text of any length leaves the reason in the error. */
static void test_long_error(void **state)
{
	char text[2048] = "memfd,";
	struct memory_spec spec;
	struct cvio_error err;

	(void)state;
	memset(text + 6, '9', sizeof(text) - 7);
	assert_int_equal(memory_spec_parse(text, &spec, &err), -EINVAL);
	assert_non_null(strstr(err.text, "999: a size from 8M to 512G such as 64M is wanted"));
	text[5] = '9';
	assert_int_equal(memory_spec_parse(text, &spec, &err), -EINVAL);
	assert_non_null(strstr(err.text, "\": " KIND_WANTED));
}

static void test_format_no_room(void **state)
{
	struct memory_spec spec = {.kind = MEMORY_MEMFD, .size = 64 * MIB};
	char buf[16];

	(void)state;
	for (size_t len = 0; len <= strlen("memfd,64M"); len++) {
		memset(buf, '#', sizeof(buf));
		assert_int_equal(memory_spec_format(&spec, buf, len), -ENOSPC);
		assert_int_equal(buf[len], '#');
	}
	assert_int_equal(memory_spec_format(&spec, buf, strlen("memfd,64M") + 1), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long_error),
		cmocka_unit_test(test_format_no_room),
	};

	return cmocka_run_group_tests_name("memory_spec", tests, NULL, NULL);
}
