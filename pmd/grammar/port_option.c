/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One table of options: which kinds take one, how its value is read, and the words for what is
 * wanted. Errors and the list of what a kind takes are printed from it, so they can't say something
 * else than the parser does.
 */
#include "pmd/grammar/port_option.h"

#include <arpa/inet.h>
#include <string.h>

#include "pmd/grammar/output.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define STR_(x) #x
#define STR(x) STR_(x)
#define NUMBER_FROM(min, max) "a number from " STR(min) " to " STR(max)

#define KIND(kind) (1U << (kind))
#define USER KIND(PORT_VHOST_USER)
#define BACKEND KIND(PORT_VHOST_BACKEND)
#define KERNEL KIND(PORT_VHOST_KERNEL)
#define PCI KIND(PORT_PCI)

const char *const port_kind_names[PORT_KINDS] = {
	[PORT_VHOST_USER] = "vhost-user",
	[PORT_VHOST_BACKEND] = "vhost-backend",
	[PORT_VHOST_KERNEL] = "vhost-kernel",
	[PORT_PCI] = "pci",
};

const char *const port_ring_names[PORT_RINGS] = {
	[PORT_RING_AUTO] = "auto",
	[PORT_RING_PACKED] = "packed",
	[PORT_RING_SPLIT] = "split",
};

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

	if (!slice_number(value, 1, PORT_QUEUES_MAX, &n))
		return false;
	spec->queues = (uint16_t)n;
	return true;
}

static bool size_parse(struct slice value, struct port_spec *spec)
{
	unsigned long n;

	if (!slice_number(value, PORT_SIZE_MIN, PORT_SIZE_MAX, &n) || (n & (n - 1)) != 0)
		return false;
	spec->size = (uint16_t)n;
	return true;
}

static bool ring_parse(struct slice value, struct port_spec *spec)
{
	for (size_t i = 0; i < PORT_RINGS; i++)
		if (slice_is(value, port_ring_names[i])) {
			spec->ring = (enum port_ring)i;
			return true;
		}
	return false;
}

static bool mac_parse(struct slice value, struct port_spec *spec)
{
	uint8_t any = 0;

	if (value.len != 3 * sizeof(spec->mac) - 1)
		return false;
	for (size_t i = 0; i < sizeof(spec->mac); i++) {
		const char *pair = value.at + 3 * i;
		int high = slice_hex(pair[0]), low = slice_hex(pair[1]);

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

	if (!slice_number(value, PORT_MTU_MIN, PORT_MTU_MAX, &n))
		return false;
	spec->mtu = (uint16_t)n;
	return true;
}

static bool wait_parse(struct slice value, struct port_spec *spec)
{
	unsigned long n;

	if (!slice_number(value, 0, PORT_WAIT_MAX, &n))
		return false;
	spec->wait = (uint32_t)n;
	return true;
}

/* ADDRESS/LENGTH; kept as it is written, since only ip(8) reads it */
static bool ip_parse(struct slice value, struct port_spec *spec)
{
	struct slice length = value, address = slice_cut(&length, '/');
	unsigned char binary[sizeof(struct in6_addr)];
	unsigned long n, max = 0;

	if (value.len >= sizeof(spec->ip) || address.len == value.len)
		return false;
	memcpy(spec->ip, address.at, address.len);
	spec->ip[address.len] = '\0';
	if (inet_pton(AF_INET, spec->ip, binary) == 1)
		max = 32;
	else if (inet_pton(AF_INET6, spec->ip, binary) == 1)
		max = 128;
	memcpy(spec->ip, value.at, value.len);
	spec->ip[value.len] = '\0';
	return max > 0 && slice_number(length, 1, max, &n);
}

static bool netns_parse(struct slice value, struct port_spec *spec)
{
	if (value.len < 2 || value.len >= sizeof(spec->netns) || value.at[0] != '/')
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (strchr("\"'\\", value.at[i]) != NULL)
			return false; /* it is a word of ip(8)'s */
	memcpy(spec->netns, value.at, value.len);
	spec->netns[value.len] = '\0';
	return true;
}

static bool fallback_parse(struct slice value, struct port_spec *spec)
{
	spec->fallback_tap = slice_is(value, "tap");
	return spec->fallback_tap;
}

static const struct port_option options[] = {
	{"server", NULL, USER, side_parse, NULL},
	{"client", NULL, BACKEND, side_parse, NULL},
	{"queues", "N", USER | BACKEND | KERNEL, queues_parse, NUMBER_FROM(1, PORT_QUEUES_MAX)},
	{"size", "N", USER | KERNEL, size_parse,
		"a power of two from " STR(PORT_SIZE_MIN) " to " STR(PORT_SIZE_MAX)},
	{"ring", "auto|packed|split", USER, ring_parse, "auto, packed or split"},
	{"mac", "MAC", USER | KERNEL, mac_parse, "a unicast address such as 02:00:00:00:00:01"},
	{"mtu", "N", USER | KERNEL | PCI, mtu_parse, NUMBER_FROM(PORT_MTU_MIN, PORT_MTU_MAX)},
	{"wait", "SECONDS", USER, wait_parse, NUMBER_FROM(0, PORT_WAIT_MAX)},
	{"ip", "ADDRESS/LENGTH", KERNEL, ip_parse, "an address such as 10.0.0.1/24 or fd00::1/64"},
	{"netns", "PATH", KERNEL, netns_parse,
		"the path of a network namespace, such as /run/netns/NAME,"},
	{"fallback", "tap", KERNEL, fallback_parse, "tap"},
};

void port_option_list(enum port_kind kind, char *buf, size_t len)
{
	struct output out = {buf, len, 0};
	const char *before = " takes ";

	output_add(&out, "%s", port_kind_names[kind]);
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const struct port_option *o = &options[i];

		if ((o->kinds & KIND(kind)) == 0)
			continue;
		output_add(&out, "%s%s%s%s", before, o->name, o->value == NULL ? "" : "=",
			o->value == NULL ? "" : o->value);
		before = ", ";
	}
}

const struct port_option *port_option_find(
	struct slice name, enum port_kind kind, unsigned int *bit)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		*bit = 1U << i;
		if (slice_is(name, options[i].name))
			return (options[i].kinds & KIND(kind)) != 0 ? &options[i] : NULL;
	}
	return NULL;
}
