/* SPDX-License-Identifier: BSD-3-Clause */
/* From the JSON of a container to figures: no more is believed than that numbers are numbers. */
#include "watch/telemetry.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *telemetry_answer(const char *text, size_t len, const char *command)
{
	json_t *all = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *value;
	char key[TELEMETRY_TEXT];

	snprintf(key, sizeof(key), "%.*s", (int)strcspn(command, ","), command);
	value = json_incref(json_object_get(all, key));
	json_decref(all);
	return value;
}

static void copy_text(char *to, size_t size, const json_t *from)
{
	const char *text = json_string_value(from);

	if (text == NULL)
		return;
	snprintf(to, size, "%s", text);
	for (; *to != '\0'; to++)
		if ((unsigned char)*to < ' ' || *to == 0x7f)
			*to = '?';
}

static void copy_number(uint64_t *to, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		*to = (uint64_t)json_integer_value(value);
}

static bool flag(const json_t *object, const char *key)
{
	uint64_t value = 0;

	copy_number(&value, object, key);
	return value != 0;
}

static unsigned int small(const json_t *object, const char *key)
{
	uint64_t value = 0;

	copy_number(&value, object, key);
	return value > UINT16_MAX ? 0 : (unsigned int)value;
}

void telemetry_read_port(const json_t *answer, struct port_figures *port)
{
	const char *ring = json_string_value(json_object_get(answer, "ring"));
	const char *link = json_string_value(json_object_get(answer, "link"));

	port->index = json_object_get(answer, "index") == NULL ? -1 : (int)small(answer, "index");
	copy_text(port->kind, sizeof(port->kind), json_object_get(answer, "kind"));
	copy_text(port->path, sizeof(port->path), json_object_get(answer, "path"));
	copy_text(port->mac, sizeof(port->mac), json_object_get(answer, "mac"));
	port->up = link != NULL && strcmp(link, "up") == 0;
	port->has_layout = ring != NULL;
	port->packed = ring != NULL && strcmp(ring, "packed") == 0;
	port->in_order = flag(answer, "in_order");
	port->mergeable = flag(answer, "mergeable");
	port->vectorized_rx = flag(answer, "vectorized_rx");
	port->vectorized_tx = flag(answer, "vectorized_tx");
	port->rx_checksum = flag(answer, "rx_checksum");
	port->rx_lro = flag(answer, "rx_lro");
	port->tx_checksum = flag(answer, "tx_checksum");
	port->tx_tso = flag(answer, "tx_tso");
	port->queues = small(answer, "queues");
	port->queues_max = small(answer, "queues_max");
}

void telemetry_read_stats(const json_t *answer, struct port_figures *port)
{
	copy_number(&port->rx_packets, answer, "ipackets");
	copy_number(&port->rx_bytes, answer, "ibytes");
	copy_number(&port->rx_errors, answer, "ierrors");
	copy_number(&port->rx_missed, answer, "imissed");
	copy_number(&port->rx_no_mbuf, answer, "rx_nombuf");
	copy_number(&port->tx_packets, answer, "opackets");
	copy_number(&port->tx_bytes, answer, "obytes");
	copy_number(&port->tx_errors, answer, "oerrors");
}

void telemetry_read_polls(const json_t *answer, struct port_figures *port)
{
	port->has_polls = json_is_integer(json_object_get(answer, "polls")) &&
			  json_is_integer(json_object_get(answer, "empty"));
	copy_number(&port->polls, answer, "polls");
	copy_number(&port->empty_polls, answer, "empty");
}

int telemetry_read_list(const json_t *answer, struct container_figures *c)
{
	if (!json_is_array(answer))
		return -EINVAL;
	c->port_count = 0;
	for (size_t i = 0; i < json_array_size(answer); i++) {
		const json_t *id = json_array_get(answer, i);

		if (!json_is_integer(id) || json_integer_value(id) < 0 ||
			json_integer_value(id) > UINT16_MAX)
			return -EINVAL;
		if (c->port_count < TELEMETRY_PORTS)
			c->ports[c->port_count++] = (struct port_figures){
				.id = (unsigned int)json_integer_value(id), .index = -1};
	}
	return 0;
}

int telemetry_read_description(const char *text, size_t len, struct container_figures *c)
{
	json_t *json = json_loadb(text, len, 0, NULL);
	int r = json_is_string(json_object_get(json, "name")) ? 0 : -EINVAL;

	if (r == 0) {
		copy_text(c->name, sizeof(c->name), json_object_get(json, "name"));
		copy_text(c->image, sizeof(c->image), json_object_get(json, "image"));
	}
	json_decref(json);
	return r;
}

/* proc(5): utime and stime are fields 14 and 15, and the second, the name, may hold anything. */
int64_t telemetry_cpu_ticks(const char *text)
{
	const char *rest = strrchr(text, ')');
	unsigned long long user, system;

	if (rest == NULL ||
		sscanf(rest + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu %llu", &user,
			&system) != 2)
		return -EINVAL;
	return (int64_t)(user + system);
}

uint64_t port_rx_drops(const struct port_figures *port)
{
	return port->rx_errors + port->rx_missed + port->rx_no_mbuf;
}

uint64_t port_tx_drops(const struct port_figures *port)
{
	return port->tx_errors;
}

void port_ring_format(const struct port_figures *port, char buf[static 16])
{
	if (!port->has_layout)
		snprintf(buf, 16, "-");
	else
		snprintf(buf, 16, "%s %s%s%s", port->packed ? "packed" : "split",
			port->in_order ? "i" : "", port->mergeable ? "m" : "",
			port->vectorized_rx || port->vectorized_tx ? "v" : "");
}

static const char *pair(bool a, bool b, const char *both, const char *first, const char *second)
{
	return a && b ? both : a ? first : b ? second : "";
}

void port_offloads_format(const struct port_figures *port, char buf[static 32])
{
	const char *rx = pair(port->rx_checksum, port->rx_lro, "rx csum,lro", "rx csum", "rx lro");
	const char *tx = pair(port->tx_checksum, port->tx_tso, "tx csum,tso", "tx csum", "tx tso");

	snprintf(buf, 32, "%s%s%s", rx, *rx != '\0' && *tx != '\0' ? " " : "", tx);
	if (buf[0] == '\0')
		strcpy(buf, "-");
}

const char *telemetry_state_text(enum telemetry_state state)
{
	switch (state) {
	case TELEMETRY_OK:
		return NULL;
	case TELEMETRY_STARTING:
		return "is still starting, or its image serves no telemetry";
	case TELEMETRY_SILENT:
		return "doesn't answer within a second; is it paused?";
	case TELEMETRY_WRONG:
		return "answers what isn't DPDK's telemetry";
	case TELEMETRY_GONE:
		return "has ended";
	}
	return NULL;
}
