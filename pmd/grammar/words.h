/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectors of words (an argv), and how a shell splits and quotes them. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * A growing argv. Zeroed is empty. When memory runs out, `failed` is set and stays so: a builder
 * adds without looking and asks once, at its end.
 */
struct words {
	char **list; /* count words and a NULL; NULL while empty */
	size_t count;
	bool failed;
};

/** Append a copy of a word. */
void words_add(struct words *w, const char *word);

/** Append a formatted word. */
void words_addf(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Append copies of words, const char * up to a NULL. */
void words_vadd(struct words *w, va_list ap);

/** Append copies of all words of another vector. */
void words_extend(struct words *w, const struct words *more);

/** Free the words; the vector is empty again. For the cleanup attribute as well. */
void words_fini(struct words *w);

#define _words_cleanup_ __attribute__((cleanup(words_fini)))

/**
 * Split a text into words as a POSIX shell does: blanks separate, '…', "…" and \ quote. Nothing is
 * expanded.
 *
 * @param text  borrowed
 * @param out   the words are appended; unchanged after -EINVAL
 * @return      0, -EINVAL (a quote without its end), -ENOMEM
 */
int shell_split(const char *text, struct words *out);

/** Write a word so that a shell reads it back as it is; quoted only if it has to be. */
void shell_quote(FILE *out, const char *word);
