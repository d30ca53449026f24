/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading is strict, since a profile with a wrong entry fails far from here, in somebody's
 * container. A comment can't stand within a section: an entry that lost its name would look like
 * one.
 */
#define _GNU_SOURCE
#include "list.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const section_names[] = {"[process]", "[engine]", "[aarch64]"};

#define SECTION_COUNT (sizeof(section_names) / sizeof(section_names[0]))
#define SECTION_NONE (-1)

/* A list while it is read. */
struct list {
	const char *path;
	unsigned int line;
	int section; /* index into section_names, or SECTION_NONE in the head */
	unsigned int entries[SECTION_COUNT]; /* how many each section has */
	char last[64]; /* the section's last name, to see that they are sorted */
	json_t *names; /* name → the line it stands in, in the list's order */
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
static int __attribute__((format(printf, 2, 3)))
list_error(const struct list *list, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", list->path, list->line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

/* A section that ends, at the next one or at the end of the list, must have had an entry. */
static int list_section_end(const struct list *list)
{
	if (list->section != SECTION_NONE && list->entries[list->section] == 0)
		return list_error(list, "%s ends without an entry", section_names[list->section]);
	return 0;
}

static int list_section_begin(struct list *list, const char *text)
{
	int result = list_section_end(list);
	if (result < 0)
		return result;
	for (size_t i = 0; i < SECTION_COUNT; i++) {
		if (strcmp(text, section_names[i]))
			continue;
		if (list->entries[i] > 0)
			return list_error(list, "%s: the section is there already", text);
		list->section = (int)i;
		list->last[0] = '\0';
		return 0;
	}
	return list_error(
		list, "%s: unknown section; there are [process], [engine] and [aarch64]", text);
}

/* Split `name  # reason`. Returns the name, which is text cut short, or NULL after saying what is
 * wrong. */
static const char *entry_split(const struct list *list, char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char *reason = text + len;

	if (len == 0) {
		list_error(list, "'%s' names no system call", text);
		return NULL;
	}
	reason += strspn(reason, " \t");
	if (*reason != '#' || reason[1 + strspn(reason + 1, " \t")] == '\0') {
		list_error(list, "'%s' is without its reason; write: name  # reason", text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

static int list_entry(struct list *list, char *text)
{
	const char *name = entry_split(list, text);
	if (!name)
		return -EINVAL;
	const json_t *earlier = json_object_get(list->names, name);
	if (earlier)
		return list_error(
			list, "%s: is in line %d already", name, (int)json_integer_value(earlier));
	if (strcmp(name, list->last) < 0)
		return list_error(
			list, "%s: comes before %s; keep the section sorted", name, list->last);
	snprintf(list->last, sizeof(list->last), "%s", name);
	list->entries[list->section]++;
	if (json_object_set_new(list->names, name, json_integer(list->line)))
		return list_error(list, "out of memory");
	return 0;
}

static int list_line(struct list *list, char *text)
{
	for (size_t len = strlen(text); len > 0 && strchr(" \t\r\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	if (text[0] == '\0')
		return 0;
	if (text[0] == '[')
		return list_section_begin(list, text);
	if (list->section != SECTION_NONE)
		return list_entry(list, text);
	return text[0] == '#' ? 0 : list_error(list, "'%s' stands before the first section", text);
}

static int list_read(struct list *list)
{
	__attribute__((cleanup(text_free))) char *text = NULL;
	__attribute__((cleanup(file_close))) FILE *file = fopen(list->path, "r");
	size_t size = 0;
	int result = 0;

	if (!file) {
		result = -errno;
		fprintf(stderr, "%s: %s\n", list->path, strerror(-result));
		return result;
	}
	while (result == 0 && getline(&text, &size, file) >= 0) {
		list->line++;
		result = list_line(list, text);
	}
	if (result < 0)
		return result;
	if (ferror(file)) {
		fprintf(stderr, "%s: can't be read\n", list->path);
		return -EIO;
	}
	if (list->section == SECTION_NONE)
		return list_error(list, "the list is empty");
	return list_section_end(list);
}

json_t *list_load(const char *path)
{
	struct list list = {.path = path, .section = SECTION_NONE, .names = json_object()};

	if (list_read(&list) == 0)
		return list.names;
	json_decref(list.names);
	return NULL;
}
