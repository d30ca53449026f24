/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warning", "notice", "info", "debug"};
static enum log_level max_level = LOG_LEVEL_NOTICE;

int log_level_parse(const char *name)
{
	for (int i = 0; i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(name, level_names[i]) == 0)
			return i;
	return -EINVAL;
}

const char *log_level_name(enum log_level level)
{
	return level_names[level];
}

void log_level_set(enum log_level level)
{
	max_level = level;
}

bool log_enabled(enum log_level level)
{
	return level <= max_level;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	int saved = errno;
	char line[1024];
	size_t used;
	va_list ap;
	int n;

	if (!log_enabled(level))
		return;
	used = (size_t)snprintf(line, sizeof(line), "cvio: ");
	va_start(ap, fmt);
	n = vsnprintf(line + used, sizeof(line) - used, fmt, ap);
	va_end(ap);
	if (n > 0)
		used += (size_t)n;
	if (used > sizeof(line) - 1)
		used = sizeof(line) - 1;
	line[used++] = '\n';
	/* nowhere to report a failure to report */
	if (write(STDERR_FILENO, line, used) < 0)
		errno = saved;
	errno = saved;
}
