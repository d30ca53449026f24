/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * No shell has a part in it: every word goes to execvp() or to rte_eal_init() as it is. Splitting
 * is for what a user gives as one text (--podman-args, CVIO_EAL_ARGS), and quoting for what
 * --dry-run prints.
 */
#include "pmd/grammar/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Takes ownership of the word. */
static void words_take(struct words *w, char *word)
{
	char **list = word == NULL ? NULL : realloc(w->list, (w->count + 2) * sizeof(*list));

	if (list == NULL) {
		free(word);
		w->failed = true;
		return;
	}
	w->list = list;
	w->list[w->count++] = word;
	w->list[w->count] = NULL;
}

void words_add(struct words *w, const char *word)
{
	words_take(w, strdup(word));
}

void words_addf(struct words *w, const char *fmt, ...)
{
	char *word = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&word, fmt, ap) < 0)
		word = NULL;
	va_end(ap);
	words_take(w, word);
}

void words_vadd(struct words *w, va_list ap)
{
	const char *word;

	while ((word = va_arg(ap, const char *)) != NULL)
		words_add(w, word);
}

void words_extend(struct words *w, const struct words *more)
{
	for (size_t i = 0; i < more->count; i++)
		words_add(w, more->list[i]);
	w->failed = w->failed || more->failed;
}

void words_fini(struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->list[i]);
	free(w->list);
	*w = (struct words){0};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* A line's end that is escaped counts as nothing at all. */
static const char *skip_blanks(const char *p)
{
	while (is_blank(*p) || strncmp(p, "\\\n", 2) == 0)
		p += *p == '\\' ? 2 : 1;
	return p;
}

/* Within "…" a backslash quotes these only; before anything else it stands for itself. */
static bool is_escape(const char *p, bool in_double)
{
	return p[0] == '\\' && p[1] != '\0' && (!in_double || strchr("$`\"\\\n", p[1]) != NULL);
}

/*
 * Reads one word from *text, which is at its first character, into word (as large as the text).
 * Returns false if a quote has no end.
 */
static bool read_word(const char **text, char *word)
{
	const char *p = *text;
	char quote = '\0';

	for (; *p != '\0' && (quote != '\0' || !is_blank(*p)); p++) {
		if (quote == '\0' && (*p == '\'' || *p == '"')) {
			quote = *p;
		} else if (quote != '\0' && *p == quote) {
			quote = '\0';
		} else if (quote != '\'' && is_escape(p, quote == '"')) {
			p++;
			if (*p != '\n')
				*word++ = *p;
		} else if (quote == '\0' && *p == '\\') {
			return false;
		} else {
			*word++ = *p;
		}
	}
	*word = '\0';
	*text = p;
	return quote == '\0';
}

int shell_split(const char *text, struct words *out)
{
	_words_cleanup_ struct words found = {0};
	char *word = malloc(strlen(text) + 1);

	if (word == NULL)
		return -ENOMEM;
	for (;;) {
		text = skip_blanks(text);
		if (*text == '\0')
			break;
		if (!read_word(&text, word)) {
			free(word);
			return -EINVAL;
		}
		words_add(&found, word);
	}
	free(word);
	words_extend(out, &found);
	return out->failed ? -ENOMEM : 0;
}

void shell_quote(FILE *out, const char *word)
{
	static const char safe[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

	if (word[0] != '\0' && word[strspn(word, safe)] == '\0') {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	}
	fputc('\'', out);
}
