/* SPDX-License-Identifier: BSD-3-Clause */
/* A piece of a text whose end is known by its length only, for parsers that copy nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct slice {
	const char *at;
	size_t len;
};

/** Whether it is just this word. */
bool slice_is(struct slice text, const char *word);

/** Cut off what stands before the first separator; the separator goes, too. */
struct slice slice_cut(struct slice *rest, char separator);

/** Whether a character is refused in any port: white space and control characters. */
bool slice_refuses(char c);

/**
 * The length to show, as printf's %.*s takes it: up to max, not cut through a UTF-8 character, and
 * ending before what would break the line or steer a terminal.
 */
int slice_shown(struct slice text, size_t max);

/** Parse a number without sign that is within a range. */
bool slice_number(struct slice text, unsigned long min, unsigned long max, unsigned long *n);

/** The value of a hexadecimal digit, or -1. */
int slice_hex(char c);
