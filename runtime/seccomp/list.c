/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading is strict, since a profile with a wrong entry fails far from here, in somebody's
 * container. A comment can't stand within a section: an entry that lost its name would look like
 * one.
 */
#define _GNU_SOURCE
#include "runtime/seccomp/list.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum section {
	SECTION_PROCESS,
	SECTION_ORDINARY,
	SECTION_ENGINE,
	SECTION_AARCH64,
	SECTION_FORBIDDEN,
};

static const char *const section_names[] = {
	[SECTION_PROCESS] = "[process]",
	[SECTION_ORDINARY] = "[ordinary]",
	[SECTION_ENGINE] = "[engine]",
	[SECTION_AARCH64] = "[aarch64]",
	[SECTION_FORBIDDEN] = "[forbidden]",
};

#define SECTION_COUNT (sizeof(section_names) / sizeof(section_names[0]))
#define SECTION_NONE (-1)

/* A list while it is read. */
struct reader {
	const char *path;
	unsigned int line;
	int section; /* index into section_names, or SECTION_NONE in the head */
	unsigned int entries[SECTION_COUNT]; /* how many each section has */
	char last[64]; /* the section's last name, to see that they are sorted */
	struct call_list *calls;
};

static void file_close(FILE **file)
{
	if (*file)
		fclose(*file);
}

static void text_free(char **text)
{
	free(*text);
}

/* Say what is wrong with the present line. Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) static int list_error(
	const struct reader *r, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", r->path, r->line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

/* A section that ends, at the next one or at the end of the list, must have had an entry. */
static int list_section_end(const struct reader *r)
{
	if (r->section != SECTION_NONE && r->entries[r->section] == 0)
		return list_error(r, "%s ends without an entry", section_names[r->section]);
	return 0;
}

static int list_section_begin(struct reader *r, const char *text)
{
	int result = list_section_end(r);
	if (result < 0)
		return result;
	for (size_t i = 0; i < SECTION_COUNT; i++) {
		if (strcmp(text, section_names[i]))
			continue;
		if (r->entries[i] > 0)
			return list_error(r, "%s: the section is there already", text);
		r->section = (int)i;
		r->last[0] = '\0';
		return 0;
	}
	return list_error(r,
		"%s: unknown section; there are [process], [ordinary], [engine], [aarch64] and "
		"[forbidden]",
		text);
}

/* Split `name  # reason`. Returns the name, which is text cut short, or NULL after saying what is
 * wrong. */
static const char *entry_split(const struct reader *r, char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char *reason = text + len;

	if (len == 0) {
		list_error(r, "'%s' names no system call", text);
		return NULL;
	}
	reason += strspn(reason, " \t");
	if (*reason != '#' || reason[1 + strspn(reason + 1, " \t")] == '\0') {
		list_error(r, "'%s' is without its reason; write: name  # reason", text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

/* Where a name stands already, or NULL. */
static const json_t *line_of(const struct call_list *calls, const char *name)
{
	const json_t *line = json_object_get(calls->allowed, name);

	return line ? line : json_object_get(calls->forbidden, name);
}

static int list_entry(struct reader *r, char *text)
{
	const char *name = entry_split(r, text);
	if (!name)
		return -EINVAL;
	const json_t *earlier = line_of(r->calls, name);
	if (earlier)
		return list_error(
			r, "%s: is in line %d already", name, (int)json_integer_value(earlier));
	if (strcmp(name, r->last) < 0)
		return list_error(r, "%s: comes before %s; keep the section sorted", name, r->last);
	snprintf(r->last, sizeof(r->last), "%s", name);
	r->entries[r->section]++;
	json_t *names = r->section == SECTION_FORBIDDEN ? r->calls->forbidden : r->calls->allowed;
	if (json_object_set_new(names, name, json_integer(r->line)))
		return list_error(r, "out of memory");
	return 0;
}

static int list_line(struct reader *r, char *text)
{
	for (size_t len = strlen(text); len > 0 && strchr(" \t\r\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	if (text[0] == '\0')
		return 0;
	if (text[0] == '[')
		return list_section_begin(r, text);
	if (r->section != SECTION_NONE)
		return list_entry(r, text);
	return text[0] == '#' ? 0 : list_error(r, "'%s' stands before the first section", text);
}

static int list_read(struct reader *r)
{
	__attribute__((cleanup(text_free))) char *text = NULL;
	__attribute__((cleanup(file_close))) FILE *file = fopen(r->path, "r");
	size_t size = 0;
	int result = 0;

	if (!file) {
		result = -errno;
		fprintf(stderr, "%s: %s\n", r->path, strerror(-result));
		return result;
	}
	while (result == 0 && getline(&text, &size, file) >= 0) {
		r->line++;
		result = list_line(r, text);
	}
	if (result < 0)
		return result;
	if (ferror(file)) {
		fprintf(stderr, "%s: can't be read\n", r->path);
		return -EIO;
	}
	if (r->section == SECTION_NONE)
		return list_error(r, "the list is empty");
	return list_section_end(r);
}

int list_load(const char *path, struct call_list *list)
{
	struct reader reader = {.path = path, .section = SECTION_NONE, .calls = list};

	*list = (struct call_list){.allowed = json_object(), .forbidden = json_object()};
	return list_read(&reader);
}

void list_fini(struct call_list *list)
{
	json_decref(list->allowed);
	json_decref(list->forbidden);
}
