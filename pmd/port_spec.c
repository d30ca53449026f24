/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parser and the printer of the port grammar (port_spec.h).
 *
 * The grammar is one table of kinds and one of options: which kinds take an option, how its value
 * is read, and the words for what is wanted. Errors and the list of what a kind takes are printed
 * from the same tables, so they can't say something else than the parser does.
 *
 * The text is never copied: it is cut into slices, whose end is known by length only. Control
 * characters and white space are refused before anything else, and an error shows the text only up
 * to the first of them.
 */
#include "port_spec.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "output.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define STR_(x) #x
#define STR(x) STR_(x)
#define NUMBER_FROM(min, max) "a number from " STR(min) " to " STR(max)

#define WHITE_SPACE " \t\n\v\f\r"

#define SHOWN_PORT \
	200 /* bytes of a port that an error shows: with the reason it must fit one error text */
#define SHOWN_WORD 60 /* bytes of one option or kind that an error shows */

struct slice {
	const char *at;
	size_t len;
};

struct option {
	const char *name;
	const char *value;  /* its placeholder in help; NULL: the option has no value */
	unsigned int kinds; /* KIND() bits of the kinds that take it */
	bool (*parse)(struct slice value, struct port_spec *spec);
	const char *wanted; /* what a value must be, for the error */
};

#define KIND(kind) (1U << (kind))

static const char *const kind_names[] = {
	[PORT_VHOST_USER] = "vhost-user",
	[PORT_VHOST_BACKEND] = "vhost-backend",
};

static const char *const ring_names[] = {
	[PORT_RING_AUTO] = "auto",
	[PORT_RING_PACKED] = "packed",
	[PORT_RING_SPLIT] = "split",
};

static bool slice_is(struct slice text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

/* Cut off what stands before the first separator; the separator goes, too. */
static struct slice slice_cut(struct slice *rest, char separator)
{
	const char *end = memchr(rest->at, separator, rest->len);
	struct slice head = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
	size_t gone = end == NULL ? head.len : head.len + 1;

	rest->at += gone;
	rest->len -= gone;
	return head;
}

static bool is_refused(char c)
{
	return iscntrl((unsigned char)c) || isspace((unsigned char)c);
}

/*
 * The length to show, as printf's %.*s takes it: up to max, not cut through a UTF-8 character, and
 * ending before what would break the line or steer a terminal.
 */
static int slice_shown(struct slice text, size_t max)
{
	size_t len = 0;

	while (len < text.len && len < max && !is_refused(text.at[len]))
		len++;
	while (len > 0 && len < text.len && ((unsigned char)text.at[len] & 0xc0) == 0x80)
		len--;
	return (int)len;
}

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

/* strtoul() takes signs and spaces: a number that starts with a digit has none. */
static bool number_parse(struct slice text, unsigned long min, unsigned long max, unsigned long *n)
{
	char *end;

	if (text.len == 0 || !isdigit((unsigned char)text.at[0]))
		return false;
	*n = strtoul(text.at, &end, 10); /* ULONG_MAX when too long, which no range here holds */
	return end == text.at + text.len && *n >= min && *n <= max;
}

/* server or client: only that of the two which isn't the kind's default is an option of it. */
static bool side_parse(struct slice value, struct port_spec *spec)
{
	(void)value;
	spec->server = !spec->server;
	return true;
}

static bool queues_parse(struct slice value, struct port_spec *spec)
{
	unsigned long n;

	if (!number_parse(value, 1, PORT_QUEUES_MAX, &n))
		return false;
	spec->queues = (uint16_t)n;
	return true;
}

static bool size_parse(struct slice value, struct port_spec *spec)
{
	unsigned long n;

	if (!number_parse(value, PORT_SIZE_MIN, PORT_SIZE_MAX, &n) || (n & (n - 1)) != 0)
		return false;
	spec->size = (uint16_t)n;
	return true;
}

static bool ring_parse(struct slice value, struct port_spec *spec)
{
	for (size_t i = 0; i < ARRAY_LEN(ring_names); i++)
		if (slice_is(value, ring_names[i])) {
			spec->ring = (enum port_ring)i;
			return true;
		}
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool mac_parse(struct slice value, struct port_spec *spec)
{
	uint8_t any = 0;

	if (value.len != 3 * sizeof(spec->mac) - 1)
		return false;
	for (size_t i = 0; i < sizeof(spec->mac); i++) {
		const char *pair = value.at + 3 * i;
		int high = hex_digit(pair[0]), low = hex_digit(pair[1]);

		if (high < 0 || low < 0 || (i + 1 < sizeof(spec->mac) && pair[2] != ':'))
			return false;
		spec->mac[i] = (uint8_t)(high << 4 | low);
		any |= spec->mac[i];
	}
	spec->has_mac = true;
	return any != 0 && (spec->mac[0] & 1) == 0; /* bit 0 of the first byte: a group's address */
}

static bool mtu_parse(struct slice value, struct port_spec *spec)
{
	unsigned long n;

	if (!number_parse(value, PORT_MTU_MIN, PORT_MTU_MAX, &n))
		return false;
	spec->mtu = (uint16_t)n;
	return true;
}

static bool wait_parse(struct slice value, struct port_spec *spec)
{
	unsigned long n;

	if (!number_parse(value, 0, PORT_WAIT_MAX, &n))
		return false;
	spec->wait = (uint32_t)n;
	return true;
}

static const struct option options[] = {
	{"server", NULL, KIND(PORT_VHOST_USER), side_parse, NULL},
	{"client", NULL, KIND(PORT_VHOST_BACKEND), side_parse, NULL},
	{"queues", "N", KIND(PORT_VHOST_USER) | KIND(PORT_VHOST_BACKEND), queues_parse,
		NUMBER_FROM(1, PORT_QUEUES_MAX)},
	{"size", "N", KIND(PORT_VHOST_USER), size_parse,
		"a power of two from " STR(PORT_SIZE_MIN) " to " STR(PORT_SIZE_MAX)},
	{"ring", "auto|packed|split", KIND(PORT_VHOST_USER), ring_parse, "auto, packed or split"},
	{"mac", "MAC", KIND(PORT_VHOST_USER), mac_parse,
		"a unicast address such as 02:00:00:00:00:01"},
	{"mtu", "N", KIND(PORT_VHOST_USER), mtu_parse, NUMBER_FROM(PORT_MTU_MIN, PORT_MTU_MAX)},
	{"wait", "SECONDS", KIND(PORT_VHOST_USER), wait_parse, NUMBER_FROM(0, PORT_WAIT_MAX)},
};

/* "vhost-backend takes client, queues=N" */
static void options_list(enum port_kind kind, char *buf, size_t len)
{
	struct output out = {buf, len, 0};
	const char *before = " takes ";

	output_add(&out, "%s", kind_names[kind]);
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const struct option *o = &options[i];

		if ((o->kinds & KIND(kind)) == 0)
			continue;
		output_add(&out, "%s%s%s%s", before, o->name, o->value == NULL ? "" : "=",
			o->value == NULL ? "" : o->value);
		before = ", ";
	}
}

static const struct option *option_find(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (slice_is(name, options[i].name))
			return &options[i];
	return NULL;
}

static int option_unknown(
	struct slice port, struct slice name, enum port_kind kind, struct cvio_error *err)
{
	char takes[160];

	options_list(kind, takes, sizeof(takes));
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
	const struct option *o = option_find(name);
	unsigned int bit;

	if (o == NULL || (o->kinds & KIND(spec->kind)) == 0)
		return option_unknown(port, name, spec->kind, err);
	bit = 1U << (o - options);
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

static int kind_parse(
	struct slice port, struct slice *rest, struct port_spec *spec, struct cvio_error *err)
{
	struct slice head = *rest;
	struct slice name = slice_cut(&head, ','); /* without a colon, the kind ends at the comma */

	name = slice_cut(&name, ':');
	for (size_t i = 0; i < ARRAY_LEN(kind_names); i++) {
		if (!slice_is(name, kind_names[i]))
			continue;
		if (name.len == rest->len || rest->at[name.len] != ':')
			return refuse(
				port, err, "%s has no path: %s:PATH", kind_names[i], kind_names[i]);
		spec_init(spec, (enum port_kind)i);
		slice_cut(rest, ':');
		return 0;
	}
	return refuse(port, err, "unknown kind \"%.*s\": %s:PATH or %s:PATH is wanted",
		slice_shown(name, SHOWN_WORD), name.at, kind_names[PORT_VHOST_USER],
		kind_names[PORT_VHOST_BACKEND]);
}

static int path_parse(
	struct slice port, struct slice path, struct port_spec *spec, struct cvio_error *err)
{
	if (path.len == 0 || path.at[0] != '/')
		return refuse(port, err, "the path of a socket is wanted, from / on");
	if (path.at[path.len - 1] == '/')
		return refuse(port, err, "the path ends in /: a socket is wanted, not a folder");
	if (path.len >= sizeof(spec->path))
		return refuse(port, err, "the path has %zu bytes: at most %zu are possible",
			path.len, sizeof(spec->path) - 1);
	memcpy(spec->path, path.at, path.len);
	spec->path[path.len] = '\0';
	return 0;
}

static int bytes_check(struct slice port, struct cvio_error *err)
{
	for (size_t i = 0; i < port.len; i++)
		if (is_refused(port.at[i]))
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
	unsigned int seen = 0;
	int ret = bytes_check(port, err);

	if (ret == 0)
		ret = kind_parse(port, &rest, spec, err);
	if (ret < 0)
		return ret;
	text = slice_cut(&rest, ',');
	ret = path_parse(port, text, spec, err);
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
	for (size_t i = 0; i < count; i++)
		if (strcmp(specs[i].path, specs[count].path) == 0)
			return refuse(port, err,
				"port %zu has the same path: each port needs its own socket", i);
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

	output_add(&out, "%s:%s", kind_names[spec->kind], spec->path);
	if (user && spec->server)
		output_add(&out, ",server");
	if (!user && !spec->server)
		output_add(&out, ",client");
	if (spec->queues != 1)
		output_add(&out, ",queues=%u", spec->queues);
	if (spec->size != 0)
		output_add(&out, ",size=%u", spec->size);
	if (spec->ring != PORT_RING_AUTO)
		output_add(&out, ",ring=%s", ring_names[spec->ring]);
	if (spec->has_mac)
		output_add(&out, ",mac=%02x:%02x:%02x:%02x:%02x:%02x", spec->mac[0], spec->mac[1],
			spec->mac[2], spec->mac[3], spec->mac[4], spec->mac[5]);
	if (spec->mtu != 0)
		output_add(&out, ",mtu=%u", spec->mtu);
	if (spec->wait != PORT_WAIT_DEFAULT)
		output_add(&out, ",wait=%u", spec->wait);
	return output_end(&out);
}
