/* SPDX-License-Identifier: BSD-3-Clause */
/* What the fuzz targets share: the check of a property, the input as a text, the properties of any
 * error. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"

/* Not assert(): it must not vanish with NDEBUG. libFuzzer reports the abort and keeps the input. */
#define CHECK(condition)                                                                        \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                               \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A heap copy of its exact size, so that AddressSanitizer sees a read behind its end. The caller
 * frees it. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	CHECK(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* Fill the error with what must not survive, so that an error that isn't set is seen. */
static inline void fuzz_error_init(struct cvio_error *err)
{
	err->exit_code = -1;
	memset(err->text, '\n', sizeof(err->text));
}

/* It is the configuration's fault; the text is terminated, not empty, and one line without control
 * characters. */
static inline void fuzz_error_check(const struct cvio_error *err)
{
	size_t len = strnlen(err->text, sizeof(err->text));

	CHECK(err->exit_code == CVIO_EXIT_CONFIG);
	CHECK(len > 0 && len < sizeof(err->text));
	for (size_t i = 0; i < len; i++)
		CHECK((unsigned char)err->text[i] >= ' ' && err->text[i] != 0x7f);
}
