/* SPDX-License-Identifier: BSD-3-Clause */
/* The parser and the printer of the memory grammar (memory_spec.h). */
#include "pmd/grammar/memory_spec.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define SIZE_WANTED "a size from 8M to 512G such as 64M is wanted"

_Static_assert(MEMORY_SIZE_MIN == 8ULL << 20 && MEMORY_SIZE_MAX == 512ULL << 30,
	"SIZE_WANTED names other limits");

static const char *const kind_names[] = {
	[MEMORY_AUTO] = "auto",
	[MEMORY_MEMFD] = "memfd",
	[MEMORY_MOUNT] = "mount",
	[MEMORY_SMALL] = "small",
};

static const struct {
	char letter;
	unsigned int shift;
} suffixes[] = {{'G', 30}, {'M', 20}, {'K', 10}};

/* An error is one line, so what it quotes has to be printable. */
static bool is_printable(const char *text)
{
	while (isprint((unsigned char)*text))
		text++;
	return *text == '\0';
}

static bool kind_parse(const char *text, size_t len, enum memory_kind *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kind_names); i++)
		if (len == strlen(kind_names[i]) && memcmp(text, kind_names[i], len) == 0) {
			*kind = (enum memory_kind)i;
			return true;
		}
	return false;
}

static bool size_parse(const char *text, size_t len, uint64_t *size)
{
	unsigned int shift = 0;
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)text[0])) /* strtoull() would take a sign or spaces */
		return false;
	n = strtoull(text, &end, 10); /* ULLONG_MAX when too long: beyond the maximum below */
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (*end == suffixes[i].letter) {
			shift = suffixes[i].shift;
			end++;
			break;
		}
	if (end != text + len || n > MEMORY_SIZE_MAX >> shift || n << shift < MEMORY_SIZE_MIN)
		return false;
	*size = n << shift;
	return true;
}

static bool page_parse(const char *text, uint64_t *page)
{
	*page = strcmp(text, "2M") == 0   ? MEMORY_PAGE_2M
		: strcmp(text, "1G") == 0 ? MEMORY_PAGE_1G
					  : 0;
	return *page != 0;
}

/* What follows KIND and its comma. */
static int numbers_parse(
	const char *text, const char *numbers, struct memory_spec *spec, struct cvio_error *err)
{
	size_t len = strcspn(numbers, ",");
	uint64_t page;

	if (!size_parse(numbers, len, &spec->size))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"memory \"%.80s\": %.*s: " SIZE_WANTED, text, len > 60 ? 60 : (int)len,
			numbers);
	if (numbers[len] == ',' && spec->kind != MEMORY_MOUNT)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"memory \"%.80s\": %.60s: the size of pages can be chosen for mount only; "
			"leave it out, or use mount",
			text, numbers + len + 1);
	if (numbers[len] == ',' && !page_parse(numbers + len + 1, &spec->page))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"memory \"%.80s\": %.60s: pages of 2M or 1G are wanted", text,
			numbers + len + 1);
	page = memory_spec_page(spec);
	spec->size = (spec->size + page - 1) & ~(page - 1);
	return 0;
}

int memory_spec_parse(const char *text, struct memory_spec *spec, struct cvio_error *err)
{
	size_t kind_len = strcspn(text, ",");
	struct memory_spec parsed = {.size = 0};

	if (!is_printable(text))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"memory: it has a character that can't be printed: "
			"auto, memfd, mount or small is wanted, then ,SIZE");
	if (!kind_parse(text, kind_len, &parsed.kind))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"memory \"%.80s\": unknown kind \"%.*s\": auto, memfd, mount or small is "
			"wanted, then ,SIZE",
			text, kind_len > 60 ? 60 : (int)kind_len, text);
	if (text[kind_len] == ',') {
		int r = numbers_parse(text, text + kind_len + 1, &parsed, err);

		if (r < 0)
			return r;
	}
	*spec = parsed;
	return 0;
}

int memory_spec_format(const struct memory_spec *spec, char *buf, size_t len)
{
	unsigned long long size = spec->size;
	char letter[2] = "";
	int n;

	for (size_t i = 0; i < ARRAY_LEN(suffixes) && letter[0] == '\0'; i++)
		if (size % (1ULL << suffixes[i].shift) == 0) {
			letter[0] = suffixes[i].letter;
			size >>= suffixes[i].shift;
		}
	if (size == 0)
		n = snprintf(buf, len, "%s", kind_names[spec->kind]);
	else
		n = snprintf(buf, len, "%s,%llu%s%s", kind_names[spec->kind], size, letter,
			spec->page == 0                ? ""
			: spec->page == MEMORY_PAGE_1G ? ",1G"
						       : ",2M");
	return (size_t)n < len ? n : -ENOSPC;
}
