/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the text against the basics of OpenMetrics' ABNF, and of what node_exporter's older
 * parser refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "watch/metrics_text.h"
#include "watch/telemetry.h"

#define NAME "[a-zA-Z_:][a-zA-Z0-9_:]*"
#define LABEL "[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\\\\\"n])*\""

static bool matches(const char *pattern, const char *line)
{
	regex_t re;
	bool yes;

	assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
	yes = regexec(&re, line, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

struct checker {
	char family[128], type[16];
	char seen[4096]; /* families, each between blanks */
	bool ended;
};

static void check_metadata(struct checker *c, const char *line)
{
	char kind[8], name[128], rest[256], key[130];

	assert_int_equal(sscanf(line, "# %7s %127s %255[^\n]", kind, name, rest), 3);
	if (strcmp(kind, "TYPE") == 0) {
		snprintf(key, sizeof(key), " %s ", name);
		assert_null(strstr(c->seen, key)); /* a family isn't interrupted */
		strcat(c->seen, key);
		strcpy(c->family, name);
		snprintf(c->type, sizeof(c->type), "%.15s", rest);
		assert_true(strcmp(rest, "counter") == 0 || strcmp(rest, "gauge") == 0);
	} else {
		assert_string_equal(name, c->family);
	}
	if (strcmp(kind, "UNIT") == 0) {
		assert_true(strlen(name) > strlen(rest) + 1);
		assert_string_equal(name + strlen(name) - strlen(rest), rest);
	}
}

static void check_line(struct checker *c, const char *line)
{
	char wanted[160];

	assert_false(c->ended);
	if (strcmp(line, "# EOF") == 0) {
		c->ended = true;
	} else if (line[0] == '#') {
		assert_true(matches("^# (TYPE|UNIT|HELP) " NAME " .+$", line));
		check_metadata(c, line);
	} else {
		if (!matches("^" NAME "\\{" LABEL "(," LABEL ")*\\} [0-9]+(\\.[0-9]+)?$", line))
			fail_msg("no sample: %s", line);
		snprintf(wanted, sizeof(wanted), "%s%s{", c->family,
			strcmp(c->type, "counter") == 0 ? "_total" : "");
		assert_true(begins(line, wanted));
	}
}

static char *text_of(const struct figures *figures)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	metrics_write(out, figures);
	fclose(out);
	return text;
}

static void check_text(char *text)
{
	struct checker c = {0};
	size_t size = strlen(text);

	assert_true(size > 0 && text[size - 1] == '\n');
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		check_line(&c, line);
	assert_true(c.ended);
}

static void test_grammar(void **state)
{
	struct container_figures list[2] = {
		{.run_id = "cvio-a", .name = "a\"b\\c\nd", .image = "i", .port_count = 2},
		{.run_id = "cvio-b", .name = "b", .state = TELEMETRY_SILENT}};
	const struct figures none = {0}, two = {list, 2};
	char *text;

	(void)state;
	list[0].ports[1] = (struct port_figures){.id = 1, .has_layout = true, .path = "/a b,{}"};
	text = text_of(&none);
	check_text(text);
	free(text);
	text = text_of(&two);
	assert_non_null(strstr(text, "container=\"a\\\"b\\\\c\\nd\""));
	assert_non_null(strstr(
		text, "cvio_container_up{container=\"b\",run_id=\"cvio-b\",image=\"\"} 0\n"));
	check_text(text);
	free(text);
}

static void test_values(void **state)
{
	struct container_figures c = {.name = "a", .cpu_seconds = 1.5, .port_count = 1};
	const struct figures one = {&c, 1};
	char *text;

	(void)state;
	c.ports[0] = (struct port_figures){
		.id = 3, .up = true, .rx_packets = UINT64_MAX, .tx_bytes = 12, .rx_missed = 4};
	text = text_of(&one);
	assert_non_null(strstr(text, "cvio_container_cpu_seconds_total{container=\"a\"} 1.50\n"));
	assert_non_null(strstr(text, "cvio_port_up{container=\"a\",port=\"3\"} 1\n"));
	assert_non_null(strstr(text, "cvio_port_receive_packets_total{container=\"a\",port=\"3\"} "
				     "18446744073709551615\n"));
	assert_non_null(
		strstr(text, "cvio_port_transmit_bytes_total{container=\"a\",port=\"3\"} 12\n"));
	assert_non_null(strstr(text, "direction=\"receive\",reason=\"missed\"} 4\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
