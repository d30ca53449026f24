/* SPDX-License-Identifier: BSD-3-Clause */
/* An image's lines on stderr that are cvio's own: "cvio: …". EAL's logger isn't there yet while the
 * runtime boots. */
#pragma once

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/** The level that a name of CVIO_LOG stands for, or -EINVAL. */
int log_level_parse(const char *name);

/** The name of a level; static. */
const char *log_level_name(enum log_level level);

/** Lines above this level are dropped from now on; LOG_LEVEL_NOTICE until then. */
void log_level_set(enum log_level level);

/** Whether lines of this level are written. */
bool log_enabled(enum log_level level);

/** Print one line to stderr, in one write; errno stays as it was. A line of more than 1,023 bytes
 * is cut. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
