/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * buildah gives one stream: its own lines and whatever the steps print. Its own are known by their
 * beginnings; all others are the compiler's and pass as they are, once they are whole, since on a
 * terminal the step's line has to go first.
 */
#include "build/build_progress.h"

#include <ctype.h>
#include <string.h>

static bool starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* An image's id alone. */
static bool is_id(const char *line)
{
	return strlen(line) == 64 && strspn(line, "0123456789abcdef") == 64;
}

static bool is_chatter(const char *line)
{
	static const char *const beginnings[] = {"Getting image source signatures", "Copying blob ",
		"Copying config ", "Writing manifest to image destination", "Storing signatures",
		"--> ", "Successfully tagged "};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (starts(line, beginnings[i]))
			return true;
	return is_id(line);
}

/* "STEP 1/2: …" or "COMMIT …", perhaps after the stage's "[1/2] ". */
static bool is_step(const char *line)
{
	const char *end = line[0] == '[' ? strchr(line, ']') : NULL;

	if (end != NULL && end[1] == ' ' && isdigit((unsigned char)line[1]))
		line = end + 2;
	return (starts(line, "STEP ") && isdigit((unsigned char)line[5])) || starts(line, "COMMIT");
}

/* What glibc's headers make of ordinary calls, and musl lacks. */
static bool names_glibc(const char *line)
{
	const char *symbol = strstr(line, "undefined reference to `__");
	const char *end = symbol == NULL ? NULL : strchr(symbol, '\'');

	if (end == NULL)
		return false;
	return strncmp(end - 4, "_chk", 4) == 0 || strstr(symbol, "`__isoc") != NULL;
}

static void hide(struct build_progress *p)
{
	if (p->shown)
		fputs("\r\033[K", p->out);
	p->shown = false;
}

void build_progress_tick(struct build_progress *p, uint64_t now)
{
	char text[sizeof(p->step) + 32];

	if (p->width == 0 || p->step[0] == '\0')
		return;
	snprintf(text, sizeof(text), "%3u s  %s", (unsigned int)((now - p->since) / 1000), p->step);
	hide(p);
	fprintf(p->out, "%.*s", (int)p->width - 1, text);
	fflush(p->out);
	p->shown = true;
}

void build_progress_step(struct build_progress *p, const char *step, uint64_t now)
{
	snprintf(p->step, sizeof(p->step), "%s", step);
	p->since = now;
	if (p->width == 0)
		fprintf(p->out, "%s\n", step);
	build_progress_tick(p, now);
	fflush(p->out);
}

static void take_line(struct build_progress *p, uint64_t now)
{
	char *line = p->line;

	line[p->length] = '\0';
	p->length = 0;
	p->glibc = p->glibc || names_glibc(line);
	if (starts(line, "Error: ")) {
		snprintf(p->reason, sizeof(p->reason), "%s", line + strlen("Error: "));
		return;
	}
	if (is_step(line)) {
		build_progress_step(p, line, now);
		return;
	}
	if (is_chatter(line))
		return;
	hide(p);
	fprintf(p->out, "%s\n", line);
	build_progress_tick(p, now);
}

void build_progress_feed(struct build_progress *p, const char *data, size_t n, uint64_t now)
{
	for (size_t i = 0; i < n; i++) {
		if (p->passing) {
			fputc(data[i], p->out);
			p->passing = data[i] != '\n';
		} else if (data[i] == '\n') {
			take_line(p, now);
		} else if (p->length == sizeof(p->line) - 1) {
			hide(p);
			fwrite(p->line, 1, p->length, p->out);
			fputc(data[i], p->out);
			p->length = 0;
			p->passing = true;
		} else {
			p->line[p->length++] = data[i];
		}
	}
	fflush(p->out);
}

void build_progress_end(struct build_progress *p)
{
	if (p->length > 0)
		take_line(p, p->since);
	hide(p);
	p->step[0] = '\0';
	fflush(p->out);
}
