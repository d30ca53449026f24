/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman writes the application's stderr and its own to one stream. When it fails itself its last
 * line is "Error: …", perhaps with a hint after it. Such a line is kept back until more follows or
 * podman ends; every other byte passes without delay, so that a progress line without a newline
 * shows at once.
 */
#include "run/relay.h"

#include <string.h>

static const char error_prefix[] = "Error: ";
static const char hint_prefix[] = "See 'podman ";

#define PREFIX_LEN (sizeof(error_prefix) - 1)

void relay_flush(struct relay *r)
{
	fwrite(r->held, 1, r->len, r->out);
	r->len = 0;
	r->message = false;
	fflush(r->out);
}

/* After a message, its hint may follow; before one, only the message itself. */
static bool may_hold(const struct relay *r)
{
	const char *line = r->held, *want = error_prefix;
	size_t len = r->len, want_len = PREFIX_LEN;

	if (r->message) {
		line = memchr(r->held, '\n', r->len);
		line++;
		len = r->len - (size_t)(line - r->held);
		want = hint_prefix;
		want_len = sizeof(hint_prefix) - 1;
	}
	return r->len < sizeof(r->held) - 1 &&
	       memcmp(line, want, len < want_len ? len : want_len) == 0;
}

/* More came after the message, so it wasn't the last word; what came may be. */
static void pass_message(struct relay *r)
{
	size_t line = (size_t)((char *)memchr(r->held, '\n', r->len) - r->held) + 1;

	fwrite(r->held, 1, line, r->out);
	r->len -= line;
	memmove(r->held, r->held + line, r->len);
	r->message = false;
}

static void feed_byte(struct relay *r, char c)
{
	if (r->passing) {
		fputc(c, r->out);
		r->passing = c != '\n';
		return;
	}
	r->held[r->len++] = c;
	if (r->message && !may_hold(r))
		pass_message(r);
	if (may_hold(r)) {
		r->message = r->message || c == '\n';
		return;
	}
	relay_flush(r);
	r->passing = c != '\n';
}

void relay_feed(struct relay *r, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		feed_byte(r, data[i]);
	fflush(r->out);
}

const char *relay_reason(struct relay *r)
{
	if (r->passing || r->len <= PREFIX_LEN)
		return NULL;
	r->held[r->len] = '\0';
	r->held[strcspn(r->held, "\n")] = '\0';
	r->len = 0;
	return r->held + PREFIX_LEN;
}
