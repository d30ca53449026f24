/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ports are in the container's environment, with the paths that they have inside; the mounts
 * tell where those are on the host.
 */
#include "watch/ps_list.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "pmd/grammar/port_spec.h"

#define PORTS_SHOWN 2 /* in the table; a switch has dozens */

static const char *string_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* NULL where a text is empty: null in JSON. */
static const char *or_null(const char *text)
{
	return *text == '\0' ? NULL : text;
}

static const char *variable(const json_t *inspect, const char *name)
{
	const json_t *env = json_object_get(json_object_get(inspect, "Config"), "Env"), *one;
	size_t length = strlen(name), i;

	json_array_foreach ((json_t *)env, i, one) {
		const char *text = json_string_value(one);

		if (text != NULL && strncmp(text, name, length) == 0 && text[length] == '=')
			return text + length + 1;
	}
	return "";
}

/* The path of a port as the host has it. */
static void port_outside(const json_t *inspect, struct port_spec *port)
{
	const json_t *mounts = json_object_get(inspect, "Mounts"), *mount;
	char path[PATH_MAX];
	size_t i;

	json_array_foreach ((json_t *)mounts, i, mount) {
		const char *to = string_at(mount, "Destination");
		size_t length = strlen(to);

		if (length == 0 || strncmp(port->path, to, length) != 0 ||
			port->path[length] != '/')
			continue;
		if (snprintf(path, sizeof(path), "%s%s", string_at(mount, "Source"),
			    port->path + length) < (int)sizeof(path))
			strcpy(port->path, path);
		return;
	}
}

static json_t *ports_of(const json_t *inspect)
{
	struct port_spec *specs = calloc(PORT_MAX, sizeof(*specs));
	int count = specs == NULL ? 0
				  : port_spec_list_parse(
					    variable(inspect, "CVIO_PORTS"), specs, PORT_MAX, NULL);
	json_t *ports = json_array();
	char text[PORT_TEXT_LEN];

	for (int i = 0; i < count; i++) {
		port_outside(inspect, &specs[i]);
		if (port_spec_format(&specs[i], text, sizeof(text)) > 0)
			json_array_append_new(ports, json_string(text));
	}
	free(specs);
	return ports;
}

static const json_t *inspect_of(const json_t *inspect, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach ((json_t *)inspect, i, one)
		if (strcmp(string_at(one, "Id"), id) == 0)
			return one;
	return NULL;
}

static json_t *entry(const json_t *ps, const json_t *inspect, time_t now)
{
	const json_t *labels = json_object_get(ps, "Labels");
	const char *cpus = string_at(json_object_get(inspect, "HostConfig"), "CpusetCpus");
	const char *name = json_string_value(json_array_get(json_object_get(ps, "Names"), 0));
	json_int_t started = json_integer_value(json_object_get(ps, "StartedAt"));
	bool running = strcmp(string_at(ps, "State"), "running") == 0;

	/* without a cpuset it was told where to run */
	if (*cpus == '\0')
		cpus = variable(inspect, "CVIO_LCORES");
	return json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:o, s:s?, s:o}", "name",
		name == NULL ? "" : name, "chain", or_null(string_at(labels, CHAIN_LABEL)),
		"container", or_null(string_at(labels, CHAIN_LABEL_CONTAINER)), "image",
		string_at(ps, "Image"), "state", string_at(ps, "State"), "uptime",
		running && started <= now ? json_integer(now - started) : json_null(), "cpus",
		or_null(cpus), "ports", ports_of(inspect));
}

static int compare(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int r = strcmp(string_at(x, "chain"), string_at(y, "chain"));

	return r != 0 ? r : strcmp(string_at(x, "name"), string_at(y, "name"));
}

/* Takes the references of the entries. */
static json_t *sorted(json_t **entries, size_t count)
{
	json_t *list = json_array();

	qsort(entries, count, sizeof(*entries), compare);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, entries[i]);
	return list;
}

json_t *ps_list(const char *ps, const char *inspect, time_t now)
{
	json_t *containers = json_loads(ps, 0, NULL), *details = json_loads(inspect, 0, NULL);
	json_t **entries = calloc(json_array_size(containers) + 1, sizeof(json_t *));
	json_t *one, *list = NULL;
	size_t count = 0, i;

	if (json_is_array(containers) && json_is_array(details) && entries != NULL) {
		json_array_foreach (containers, i, one) {
			const json_t *detail = inspect_of(details, string_at(one, "Id"));

			if (detail != NULL && (entries[count] = entry(one, detail, now)) != NULL)
				count++;
		}
		list = sorted(entries, count);
	}
	free(entries);
	json_decref(containers);
	json_decref(details);
	return list;
}

static void print_uptime(const json_t *uptime, FILE *out)
{
	long long s = json_integer_value(uptime);
	char text[32];

	if (!json_is_integer(uptime))
		snprintf(text, sizeof(text), "-");
	else if (s < 3600)
		snprintf(text, sizeof(text), "%lldm%02llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(text, sizeof(text), "%lldh%02lldm", s / 3600, s / 60 % 60);
	else
		snprintf(text, sizeof(text), "%lldd%02lldh", s / 86400, s / 3600 % 24);
	fprintf(out, "  %7s", text);
}

static void print_ports(const json_t *ports, FILE *out)
{
	size_t count = json_array_size(ports), i;
	const json_t *port;

	json_array_foreach ((json_t *)ports, i, port)
		if (i < PORTS_SHOWN)
			fprintf(out, "%s%s", i == 0 ? "  " : " ", json_string_value(port));
	if (count > PORTS_SHOWN)
		fprintf(out, " and %zu more", count - PORTS_SHOWN);
	fputc('\n', out);
}

static const char *const columns[] = {"name", "chain", "image", "state", "cpus"};
static const char *const titles[] = {"NAME", "CHAIN", "IMAGE", "STATE", "CPUS"};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static const char *cell(const json_t *one, size_t column)
{
	const char *text = string_at(one, columns[column]);

	return *text == '\0' ? "-" : text;
}

void ps_print(const json_t *list, FILE *out)
{
	int width[COLUMNS];
	const json_t *one;
	size_t i;

	for (size_t c = 0; c < COLUMNS; c++) {
		width[c] = (int)strlen(titles[c]);
		json_array_foreach ((json_t *)list, i, one)
			if ((int)strlen(cell(one, c)) > width[c])
				width[c] = (int)strlen(cell(one, c));
	}
	for (size_t c = 0; c < COLUMNS; c++)
		fprintf(out, "%s%-*s", c > 0 ? "  " : "", width[c], titles[c]);
	fprintf(out, "  %7s  PORTS\n", "UPTIME");
	json_array_foreach ((json_t *)list, i, one) {
		for (size_t c = 0; c < COLUMNS; c++)
			fprintf(out, "%s%-*s", c > 0 ? "  " : "", width[c], cell(one, c));
		print_uptime(json_object_get(one, "uptime"), out);
		print_ports(json_object_get(one, "ports"), out);
	}
}
