/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Layers are read and never unpacked: an audit needs no folder that somebody's paths and links
 * could lead out of. Go's writer, which all container tools use, makes ustar headers, and pax ones
 * where a name or a number doesn't fit; GNU's long names come from layers that were made by tar.
 */
#include "build/audit_tar.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 512

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

/* Octal digits, or with the highest bit set a big-endian number. */
static int number(const char *text, size_t size, uint64_t *value)
{
	uint64_t n = 0;
	size_t i = 0;

	if ((unsigned char)text[0] & 0x80) {
		for (i = 1; i < size; i++) {
			if (n >> 55 != 0)
				return -EINVAL;
			n = n << 8 | (unsigned char)text[i];
		}
		*value = n;
		return text[0] == (char)0x80 ? 0 : -EINVAL;
	}
	while (i < size && text[i] == ' ')
		i++;
	for (; i < size && text[i] != '\0' && text[i] != ' '; i++) {
		if (text[i] < '0' || text[i] > '7')
			return -EINVAL;
		n = n << 3 | (uint64_t)(text[i] - '0');
	}
	*value = n;
	return 0;
}

static bool checksum_right(const struct header *h)
{
	const unsigned char *bytes = (const unsigned char *)h;
	uint64_t sum = 0, want;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= offsetof(struct header, checksum) && i < offsetof(struct header, type)
			       ? ' '
			       : bytes[i];
	return number(h->checksum, sizeof(h->checksum), &want) == 0 && sum == want;
}

static bool all_zero(const uint8_t *block)
{
	static const uint8_t zero[BLOCK];

	return memcmp(block, zero, BLOCK) == 0;
}

/* Copies a text of at most size bytes; -EINVAL if it has no room. */
static int copy(char *out, const void *text, size_t size)
{
	size_t length = strnlen(text, size);

	if (length >= PATH_MAX)
		return -EINVAL;
	memcpy(out, text, length);
	out[length] = '\0';
	return 0;
}

/* One pax record, "LENGTH KEY=VALUE\n". */
static int pax_record(struct tar *tar, struct tar_entry *entry, const char *key, const char *end)
{
	const char *equals = memchr(key, '=', (size_t)(end - key));
	char digits[24] = "";
	size_t length;

	if (equals == NULL)
		return -EINVAL;
	length = (size_t)(end - equals - 1);
	if (strncmp(key, "path=", 5) == 0)
		return copy(tar->long_name, equals + 1, length);
	if (strncmp(key, "linkpath=", 9) == 0)
		return copy(entry->link, equals + 1, length);
	if (strncmp(key, "size=", 5) == 0) {
		if (length >= sizeof(digits))
			return -EINVAL;
		memcpy(digits, equals + 1, length);
		tar->long_size = strtoull(digits, NULL, 10);
		tar->has_size = 1;
	}
	return 0;
}

static int pax_read(struct tar *tar, struct tar_entry *entry, const char *text, uint64_t size)
{
	while (size > 0) {
		uint64_t length = 0, at = 0;

		while (at < size && at < 10 && text[at] >= '0' && text[at] <= '9')
			length = length * 10 + (uint64_t)(text[at++] - '0');
		if (at == size || text[at] != ' ' || length > size || length < at + 2 ||
			text[length - 1] != '\n')
			return -EINVAL;
		if (pax_record(tar, entry, text + at + 1, text + length - 1) < 0)
			return -EINVAL;
		text += length;
		size -= length;
	}
	return 0;
}

/* In place: no "." or empty component; -EINVAL for a ".." one. */
static int path_clean(char *path)
{
	char *to = path, *from = path;

	while (*from != '\0') {
		size_t length = strcspn(from, "/");

		if (length == 2 && memcmp(from, "..", 2) == 0)
			return -EINVAL;
		if (length > 0 && !(length == 1 && *from == '.')) {
			if (to > path)
				*to++ = '/';
			memmove(to, from, length);
			to += length;
		}
		from += length;
		from += *from == '/';
	}
	*to = '\0';
	return 0;
}

static int entry_name(struct tar *tar, const struct header *h, struct tar_entry *entry)
{
	char name[sizeof(h->prefix) + sizeof(h->name) + 2];
	bool prefixed = memcmp(h->magic, "ustar", 6) == 0 && h->prefix[0] != '\0';

	snprintf(name, sizeof(name), "%.*s%s%.*s", prefixed ? (int)sizeof(h->prefix) : 0, h->prefix,
		prefixed ? "/" : "", (int)sizeof(h->name), h->name);
	copy(entry->path, tar->long_name[0] != '\0' ? tar->long_name : name, PATH_MAX);
	tar->long_name[0] = '\0';
	if (entry->link[0] == '\0' && (h->type == '1' || h->type == '2'))
		copy(entry->link, h->link, sizeof(h->link));
	return path_clean(entry->path);
}

/* The block at the reader and its content, without knowing what they are. */
static int next_block(struct tar *tar, struct header *h, struct tar_entry *entry)
{
	uint64_t mode, left;

	if (tar->size - tar->at < BLOCK)
		return tar->at == tar->size ? 0 : -EINVAL;
	if (all_zero(tar->data + tar->at))
		return 0;
	memcpy(h, tar->data + tar->at, BLOCK);
	tar->at += BLOCK;
	left = tar->size - tar->at;
	if (!checksum_right(h) || number(h->size, sizeof(h->size), &entry->size) < 0 ||
		number(h->mode, sizeof(h->mode), &mode) < 0)
		return -EINVAL;
	if (tar->has_size && strchr("xgLK", h->type) == NULL)
		entry->size = tar->long_size;
	if (strchr("123456", h->type) != NULL && h->type != '\0')
		entry->size = 0;
	if (entry->size > left || entry->size > UINT64_MAX - BLOCK)
		return -EINVAL;
	entry->mode = (unsigned int)mode & 07777;
	entry->data = tar->data + tar->at;
	entry->type = h->type == '\0' ? '0' : h->type;
	mode = (entry->size + BLOCK - 1) / BLOCK * BLOCK;
	tar->at += mode > left ? left : mode;
	return 1;
}

int tar_next(struct tar *tar, struct tar_entry *entry)
{
	struct header h;
	int r;

	*entry = (struct tar_entry){0};
	tar->long_name[0] = '\0';
	tar->has_size = 0;
	while ((r = next_block(tar, &h, entry)) > 0) {
		if (entry->type == 'x')
			r = pax_read(tar, entry, (const char *)entry->data, entry->size);
		else if (entry->type == 'L')
			r = copy(tar->long_name, entry->data, entry->size);
		else if (entry->type == 'K')
			r = copy(entry->link, entry->data, entry->size);
		else if (entry->type != 'g')
			break;
		if (r < 0)
			return r;
	}
	if (r > 0 && entry_name(tar, &h, entry) < 0)
		return -EINVAL;
	return r;
}
