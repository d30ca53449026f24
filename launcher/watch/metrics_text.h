/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures as OpenMetrics text, version 1.0.0. */
#pragma once

#include <stdio.h>

struct figures;

/** Write a label's value with its escapes: \\, \" and \n. */
void metrics_escape(FILE *out, const char *value);

/** Write all families, and # EOF. */
void metrics_write(FILE *out, const struct figures *figures);
