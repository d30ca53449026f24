/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/grammar/error.h"

#include <stdarg.h>
#include <stdio.h>

int cvio_error_set(struct cvio_error *err, int exit_code, int result, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return result;
	err->exit_code = exit_code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return result;
}
