/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parser and the printer of the port grammar (port_spec.h).
 *
 * The text is never copied: it is cut into slices (slice.h). What an option is, port_option.c
 * knows. Control characters and white space are refused before anything else, and an error shows
 * the text only up to the first of them.
 */
#include "pmd/grammar/port_spec.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/output.h"
#include "pmd/grammar/port_option.h"
#include "pmd/grammar/port_target.h"
#include "pmd/grammar/slice.h"

#define WHITE_SPACE " \t\n\v\f\r"

#define SHOWN_PORT \
	200 /* bytes of a port that an error shows: with the reason it must fit one error text */
#define SHOWN_WORD 60 /* bytes of one option or kind that an error shows */

__attribute__((format(printf, 3, 4))) static int refuse(
	struct slice port, struct cvio_error *err, const char *fmt, ...)
{
	char reason[sizeof(err->text) - SHOWN_PORT - 16];
	int shown = slice_shown(port, SHOWN_PORT);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "port \"%.*s%s\": %s", shown, port.at,
		(size_t)shown < port.len ? "..." : "", reason);
}

static int option_unknown(
	struct slice port, struct slice name, enum port_kind kind, struct cvio_error *err)
{
	char takes[200];

	port_option_list(kind, takes, sizeof(takes));
	if (name.len == 0)
		return refuse(
			port, err, "an option is empty: a comma or a name is wrong; %s", takes);
	return refuse(port, err, "unknown option \"%.*s\": %s", slice_shown(name, SHOWN_WORD),
		name.at, takes);
}

/* One option, as it stands between two commas. seen has a bit for each of the table that was given
 * already. */
static int option_parse(struct slice port, struct slice text, unsigned int *seen,
	struct port_spec *spec, struct cvio_error *err)
{
	struct slice value = text, name = slice_cut(&value, '=');
	bool has_value = name.len < text.len;
	unsigned int bit;
	const struct port_option *o = port_option_find(name, spec->kind, &bit);

	if (o == NULL)
		return option_unknown(port, name, spec->kind, err);
	if ((*seen & bit) != 0)
		return refuse(port, err, "%s is given twice", o->name);
	*seen |= bit;
	if (o->value == NULL && has_value)
		return refuse(port, err, "%s takes no value", o->name);
	if (o->value != NULL && !has_value)
		return refuse(port, err, "%s has no value: %s=%s", o->name, o->name, o->value);
	if (!o->parse(value, spec))
		return refuse(port, err, "%.*s: %s is wanted", slice_shown(text, SHOWN_WORD),
			text.at, o->wanted);
	return 0;
}

static void spec_init(struct port_spec *spec, enum port_kind kind)
{
	*spec = (struct port_spec){
		.kind = kind,
		.server = kind == PORT_VHOST_BACKEND,
		.queues = 1,
		.wait = PORT_WAIT_DEFAULT,
	};
}

/* "vhost-user:PATH, vhost-backend:PATH, ... or pci:ADDRESS" */
static int kind_unknown(struct slice port, struct slice name, struct cvio_error *err)
{
	char kinds[128];
	struct output out = {kinds, sizeof(kinds), 0};

	for (int i = 0; i < PORT_KINDS; i++)
		output_add(&out, "%s%s:%s",
			i == 0               ? ""
			: i + 1 < PORT_KINDS ? ", "
					     : " or ",
			port_kind_names[i], port_target_word((enum port_kind)i));
	return refuse(port, err, "unknown kind \"%.*s\": %s is wanted",
		slice_shown(name, SHOWN_WORD), name.at, kinds);
}

static int kind_parse(
	struct slice port, struct slice *rest, struct port_spec *spec, struct cvio_error *err)
{
	struct slice head = *rest;
	struct slice name = slice_cut(&head, ','); /* without a colon, the kind ends at the comma */

	name = slice_cut(&name, ':');
	for (int i = 0; i < PORT_KINDS; i++) {
		const char *word = port_target_word((enum port_kind)i);

		if (!slice_is(name, port_kind_names[i]))
			continue;
		if (name.len == rest->len || rest->at[name.len] != ':')
			return refuse(port, err, "%s has no %s: %s:%s", port_kind_names[i],
				strcmp(word, "PATH") == 0 ? "path" : word, port_kind_names[i],
				word);
		spec_init(spec, (enum port_kind)i);
		slice_cut(rest, ':');
		return 0;
	}
	return kind_unknown(port, name, err);
}

static int bytes_check(struct slice port, struct cvio_error *err)
{
	for (size_t i = 0; i < port.len; i++)
		if (slice_refuses(port.at[i]))
			return refuse(port, err,
				"byte 0x%02x follows: a port has no white space, no control "
				"characters",
				(unsigned char)port.at[i]);
	return 0;
}

static int slice_parse(struct slice port, struct port_spec *spec, struct cvio_error *err)
{
	const char *end = port.at + port.len;
	struct slice rest = port, text;
	char reason[160];
	unsigned int seen = 0;
	int ret = bytes_check(port, err);

	if (ret == 0)
		ret = kind_parse(port, &rest, spec, err);
	if (ret < 0)
		return ret;
	text = slice_cut(&rest, ',');
	if (!port_target_parse(text, spec, reason, sizeof(reason)))
		return refuse(port, err, "%s", reason);
	while (ret == 0 && text.at + text.len < end) { /* a comma follows, so an option has to */
		text = slice_cut(&rest, ',');
		ret = option_parse(port, text, &seen, spec, err);
	}
	return ret;
}

int port_spec_parse(const char *text, struct port_spec *spec, struct cvio_error *err)
{
	return slice_parse((struct slice){text, strlen(text)}, spec, err);
}

static int path_check_unique(
	struct slice port, const struct port_spec *specs, size_t count, struct cvio_error *err)
{
	bool user = specs[count].path[0] == '/';

	for (size_t i = 0; i < count; i++)
		if (strcmp(specs[i].path, specs[count].path) == 0)
			return refuse(port, err,
				"port %zu has the same %s: each port needs its own %s", i,
				user ? "path" : port_target_word(specs[count].kind),
				user ? "socket" : "one");
	return 0;
}

int port_spec_list_parse(
	const char *text, struct port_spec *specs, size_t max, struct cvio_error *err)
{
	size_t count = 0;
	struct slice port;
	int ret;

	for (port.at = text == NULL ? "" : text;; port.at += port.len) {
		port.at += strspn(port.at, WHITE_SPACE);
		port.len = strcspn(port.at, WHITE_SPACE);
		if (port.len == 0)
			return (int)count;
		if (count == max) {
			refuse(port, err, "one too many: at most %zu ports are possible", max);
			return -E2BIG;
		}
		ret = slice_parse(port, &specs[count], err);
		if (ret == 0)
			ret = path_check_unique(port, specs, count, err);
		if (ret < 0)
			return ret;
		count++;
	}
}

int port_spec_format(const struct port_spec *spec, char *buf, size_t len)
{
	struct output out = {buf, len, 0};
	bool user = spec->kind == PORT_VHOST_USER;

	output_add(&out, "%s:%s", port_kind_names[spec->kind], spec->path);
	if (user && spec->server)
		output_add(&out, ",server");
	if (spec->kind == PORT_VHOST_BACKEND && !spec->server)
		output_add(&out, ",client");
	if (spec->queues != 1)
		output_add(&out, ",queues=%u", spec->queues);
	if (spec->size != 0)
		output_add(&out, ",size=%u", spec->size);
	if (spec->ring != PORT_RING_AUTO)
		output_add(&out, ",ring=%s", port_ring_names[spec->ring]);
	if (spec->has_mac)
		output_add(&out, ",mac=%02x:%02x:%02x:%02x:%02x:%02x", spec->mac[0], spec->mac[1],
			spec->mac[2], spec->mac[3], spec->mac[4], spec->mac[5]);
	if (spec->mtu != 0)
		output_add(&out, ",mtu=%u", spec->mtu);
	if (spec->wait != PORT_WAIT_DEFAULT)
		output_add(&out, ",wait=%u", spec->wait);
	if (spec->ip[0] != '\0')
		output_add(&out, ",ip=%s", spec->ip);
	if (spec->netns[0] != '\0')
		output_add(&out, ",netns=%s", spec->netns);
	if (spec->fallback_tap)
		output_add(&out, ",fallback=tap");
	return output_end(&out);
}
