/* SPDX-License-Identifier: BSD-3-Clause */
/* The report of `cvio check`: a line for each thing that was looked at, for people or as JSON. */
#include "check/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/exit.h"

static const struct {
	const char *name, *colour;
} results[] = {
	[CHECK_OK] = {"ok", "\033[32m"},
	[CHECK_WARNING] = {"warning", "\033[33m"},
	[CHECK_FAILURE] = {"failure", "\033[31m"},
};

static void format_text(char *buf, size_t size, const char *fmt, va_list ap)
{
	vsnprintf(buf, size, fmt, ap);
	/* What podman says may have more than one line. */
	for (char *c = buf; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

void check_add(struct check_report *report, const char *name, enum check_result result,
	const char *fmt, ...)
{
	struct check_line *lines =
		realloc(report->lines, (report->count + 1) * sizeof(*report->lines));
	struct check_line *line;
	va_list ap;

	if (result == CHECK_FAILURE && report->exit_code == 0)
		report->exit_code = CVIO_EXIT_UNAVAILABLE;
	if (lines == NULL) {
		report->cut = true;
		return;
	}
	report->lines = lines;
	line = &lines[report->count++];
	*line = (struct check_line){.result = result};
	snprintf(line->name, sizeof(line->name), "%s", name);
	va_start(ap, fmt);
	format_text(line->value, sizeof(line->value), fmt, ap);
	va_end(ap);
}

/* Without a line there was no memory for it. */
static struct check_line *last(struct check_report *report)
{
	return report->cut || report->count == 0 ? NULL : &report->lines[report->count - 1];
}

void check_remedy(struct check_report *report, const char *fmt, ...)
{
	struct check_line *line = last(report);
	va_list ap;

	if (line == NULL)
		return;
	va_start(ap, fmt);
	format_text(line->remedy, sizeof(line->remedy), fmt, ap);
	va_end(ap);
}

void check_remedy_root(
	const struct check_host *host, struct check_report *report, const char *fmt, ...)
{
	static const char prefix[] = "as root: ";
	size_t before = host->uid == 0 ? 0 : sizeof(prefix) - 1;
	struct check_line *line = last(report);
	va_list ap;

	if (line == NULL)
		return;
	memcpy(line->remedy, prefix, sizeof(prefix));
	va_start(ap, fmt);
	format_text(line->remedy + before, sizeof(line->remedy) - before, fmt, ap);
	va_end(ap);
}

void check_print(const struct check_report *report, bool colours, FILE *out)
{
	size_t width = 0;

	for (size_t i = 0; i < report->count; i++)
		if (strlen(report->lines[i].name) > width)
			width = strlen(report->lines[i].name);
	for (size_t i = 0; i < report->count; i++) {
		const struct check_line *line = &report->lines[i];

		fprintf(out, "%s%-7s%s  %-*s  %s\n", colours ? results[line->result].colour : "",
			results[line->result].name, colours ? "\033[0m" : "", (int)width,
			line->name, line->value);
		if (line->remedy[0] != '\0')
			fprintf(out, "%9s%-*s  -> %s\n", "", (int)width, "", line->remedy);
	}
}

int check_print_json(const struct check_report *report, FILE *out)
{
	json_t *array = json_array();
	int r = array == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < report->count; i++) {
		const struct check_line *line = &report->lines[i];

		/* jansson refuses what isn't UTF-8, such as a path of podman's. */
		json_t *value = json_string(line->value), *remedy = json_string(line->remedy);

		if (line->remedy[0] == '\0') {
			json_decref(remedy);
			remedy = json_null();
		}
		r = json_array_append_new(array,
			    json_pack("{s:s, s:s, s:o, s:o}", "name", line->name, "result",
				    results[line->result].name, "value",
				    value != NULL ? value : json_string("(not UTF-8)"), "remedy",
				    remedy != NULL ? remedy : json_string("(not UTF-8)"))) < 0
			    ? -ENOMEM
			    : 0;
	}
	/* That the output can't be written is main's to say. */
	if (r == 0) {
		json_dumpf(array, out, JSON_INDENT(2));
		fputc('\n', out);
	}
	json_decref(array);
	return r;
}

void check_report_fini(struct check_report *report)
{
	free(report->lines);
	*report = (struct check_report){0};
}
