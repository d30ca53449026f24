/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of layers: tar files made here, one over the other, and what is left of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/audit_files.h"
#include "build/audit_tar.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define BLOCK 512

struct layer {
	uint8_t data[32 * BLOCK];
	size_t size;
};

static void checksum(uint8_t *h)
{
	unsigned int sum = 0;

	memset(h + 148, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
}

static void add(struct layer *l, char type, const char *name, const char *link, const char *content)
{
	uint8_t *h = l->data + l->size;
	size_t size = strlen(content);

	memset(h, 0, BLOCK);
	strncpy((char *)h, name, 100);
	snprintf((char *)h + 100, 8, "%07o", type == '5' ? 0755 : 0644);
	snprintf((char *)h + 124, 12, "%07o", (unsigned int)size & 0xfff);
	h[156] = (uint8_t)type;
	strncpy((char *)h + 157, link, 100);
	memcpy(h + 257, "ustar\00000", 8);
	checksum(h);
	memset(h + BLOCK, 0, BLOCK);
	memcpy(h + BLOCK, content, size);
	l->size += BLOCK + (size > 0 ? BLOCK : 0);
}

/* The files as one text: "path=content path->link". */
static void expect_files(const struct image_files *files, const char *want)
{
	char text[1024] = "";

	for (size_t i = 0; i < files->count; i++) {
		const struct image_file *f = &files->list[i];
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "%s%s%s%.*s", used > 0 ? " " : "",
			f->path, f->link != NULL ? "->" : "=",
			f->link != NULL ? (int)strlen(f->link) : (int)f->size,
			f->link != NULL ? f->link : (const char *)f->data);
	}
	assert_string_equal(text, want);
}

static void test_layers(void **state)
{
	struct layer base = {.size = 0}, over = {.size = 0}, hide = {.size = 0};
	struct image_files files = {0};

	(void)state;
	add(&base, '5', "./etc/", "", "");
	add(&base, '0', "./etc/b", "", "one");
	add(&base, '0', "etc/a", "", "two");
	add(&base, '2', "link", "etc/a", "");
	add(&base, '1', "hard", "etc/b", "");
	add(&base, '0', "app", "", "three");
	add(&base, '0', "etcetera", "", "");
	assert_int_equal(image_files_add(&files, base.data, base.size), 0);
	expect_files(&files, "app=three etc/a=two etc/b=one etcetera= hard=one link->etc/a");

	add(&over, '0', "app", "", "four");
	add(&over, '5', "etc", "", "");
	add(&over, '0', "etc/.wh.a", "", "");
	assert_int_equal(image_files_add(&files, over.data, over.size), 0);
	expect_files(&files, "app=four etc/b=one etcetera= hard=one link->etc/a");
	assert_non_null(image_files_find(&files, "/app"));
	assert_null(image_files_find(&files, "/etc/a"));

	/* what comes in the same layer as an opaque mark stays, before it and after it */
	add(&hide, '0', "etc/c", "", "five");
	add(&hide, '0', "etc/.wh..wh..opq", "", "");
	add(&hide, '0', ".wh.app", "", "");
	add(&hide, '0', "etc/d", "", "six");
	assert_int_equal(image_files_add(&files, hide.data, hide.size), 0);
	expect_files(&files, "etc/c=five etc/d=six etcetera= hard=one link->etc/a");
	image_files_fini(&files);
}

static void test_long_names(void **state)
{
	static const char record[] = "17 path=pax/name\n30 linkpath=ignored-for-files\n";
	struct layer l = {.size = 0};
	struct image_files files = {0};

	(void)state;
	add(&l, 'x', "PaxHeader", "", record);
	add(&l, '0', "short", "", "1");
	add(&l, 'L', "././@LongLink", "", "gnu/name");
	add(&l, '0', "short", "", "2");
	add(&l, 'g', "global", "", "11 path=no\n");
	add(&l, '0', "short", "", "3");
	memcpy(l.data + l.size - 2 * BLOCK + 345, "prefix", 6);
	checksum(l.data + l.size - 2 * BLOCK);
	assert_int_equal(image_files_add(&files, l.data, l.size), 0);
	expect_files(&files, "gnu/name=2 pax/name=1 prefix/short=3");
	image_files_fini(&files);
}

static void test_damaged(void **state)
{
	static const struct {
		char type;
		const char *name, *link, *content;
	} table[] = {
		{'0', "../up", "", ""},
		{'0', "a/../../b", "", ""},
		{'1', "hard", "nothing", ""},
		{'x', "p", "", "99 path=a\n"},
		{'x', "p", "", "9 path=a"},
		{'x', "p", "", "path=a\n"},
		{'x', "p", "", "8 path\n"},
		{'x', "p", "", "99999999999 a=b\n"},
		{'x', "p", "", "2 \n"},
	};
	struct image_files files = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct layer l = {.size = 0};

		add(&l, table[i].type, table[i].name, table[i].link, table[i].content);
		add(&l, '0', "file", "", "");
		if (image_files_add(&files, l.data, l.size) != -EINVAL)
			fail_msg("row %zu is taken", i);
		image_files_fini(&files);
	}
}

/* Cut off anywhere but between entries, or with any byte of a header changed, it is refused. */
static void test_flipped(void **state)
{
	struct layer l = {.size = 0};
	struct image_files files = {0};

	(void)state;
	add(&l, '0', "file", "", "content");
	for (size_t size = 1; size < l.size; size += 13) {
		assert_int_equal(
			image_files_add(&files, l.data, size), size < BLOCK + 7 ? -EINVAL : 0);
		image_files_fini(&files);
	}
	for (size_t i = 0; i < BLOCK; i++) {
		if (i == 155) /* behind the checksum's end */
			continue;
		l.data[i] ^= 1;
		assert_int_equal(image_files_add(&files, l.data, l.size), -EINVAL);
		l.data[i] ^= 1;
		image_files_fini(&files);
	}
	assert_int_equal(image_files_add(&files, l.data, l.size), 0);
	image_files_fini(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
