/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/grammar/slice.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool slice_is(struct slice text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

struct slice slice_cut(struct slice *rest, char separator)
{
	const char *end = memchr(rest->at, separator, rest->len);
	struct slice head = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
	size_t gone = end == NULL ? head.len : head.len + 1;

	rest->at += gone;
	rest->len -= gone;
	return head;
}

bool slice_refuses(char c)
{
	return iscntrl((unsigned char)c) || isspace((unsigned char)c);
}

int slice_shown(struct slice text, size_t max)
{
	size_t len = 0;

	while (len < text.len && len < max && !slice_refuses(text.at[len]))
		len++;
	while (len > 0 && len < text.len && ((unsigned char)text.at[len] & 0xc0) == 0x80)
		len--;
	return (int)len;
}

/* strtoul() takes signs and spaces: a number that starts with a digit has none. */
bool slice_number(struct slice text, unsigned long min, unsigned long max, unsigned long *n)
{
	char *end;

	if (text.len == 0 || !isdigit((unsigned char)text.at[0]))
		return false;
	*n = strtoul(text.at, &end, 10); /* ULONG_MAX when too long, which no range here holds */
	return end == text.at + text.len && *n >= min && *n <= max;
}

int slice_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}
