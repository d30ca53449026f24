/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/grammar/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

void output_add(struct output *out, const char *fmt, ...)
{
	bool room = out->used < out->len;
	va_list ap;

	va_start(ap, fmt);
	out->used += (size_t)vsnprintf(
		room ? out->buf + out->used : NULL, room ? out->len - out->used : 0, fmt, ap);
	va_end(ap);
}

int output_end(const struct output *out)
{
	return out->used < out->len ? (int)out->used : -ENOSPC;
}
