/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio stats`: the counters of every port, once. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "pmd/grammar/words.h"
#include "watch/commands.h"
#include "watch/telemetry.h"

static const char stats_usage[] =
	"Usage: cvio stats [--json] [NAME]...\n"
	"\n"
	"Print the counters of every port of the containers that run, or of those NAMEd.\n"
	"\n"
	"  --json      print JSON instead of a table\n"
	"  -h, --help  this text\n"
	"\n"
	"`cvio top` shows rates, live.\n";

struct stats_options {
	bool json, help;
	struct words names;
};

static const struct option stats_longopts[] = {
	{"json", no_argument, NULL, LONGOPT_ONLY},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int parse(int argc, char **argv, struct stats_options *o, struct cvio_error *err)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", stats_longopts, NULL)) != -1) {
		if (option == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"stats: %s: no such option; see `cvio help stats`",
				argv[optind - 1]);
		o->json = o->json || option == LONGOPT_ONLY;
		o->help = o->help || option == 'h';
	}
	for (; optind < argc; optind++)
		words_add(&o->names, argv[optind]);
	if (o->names.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return 0;
}

static json_t *layout_json(const struct port_figures *p)
{
	if (!p->has_layout)
		return json_null();
	return json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:i}", "layout",
		p->packed ? "packed" : "split", "in_order", p->in_order, "mergeable", p->mergeable,
		"vectorized_rx", p->vectorized_rx, "vectorized_tx", p->vectorized_tx, "rx_checksum",
		p->rx_checksum, "rx_lro", p->rx_lro, "tx_checksum", p->tx_checksum, "tx_tso",
		p->tx_tso, "queues_max", (int)p->queues_max);
}

static json_t *port_json(const struct port_figures *p)
{
	return json_pack("{s:i, s:o, s:s, s:s, s:s, s:s, s:i, s:o, s:{s:I, s:I, s:I, s:I, s:I},"
			 " s:{s:I, s:I, s:I}}",
		"id", (int)p->id, "index", p->index < 0 ? json_null() : json_integer(p->index),
		"kind", p->kind, "path", p->path, "mac", p->mac, "link", p->up ? "up" : "down",
		"queues", (int)p->queues, "ring", layout_json(p), "rx", "packets",
		(json_int_t)p->rx_packets, "bytes", (json_int_t)p->rx_bytes, "errors",
		(json_int_t)p->rx_errors, "missed", (json_int_t)p->rx_missed, "no_mbuf",
		(json_int_t)p->rx_no_mbuf, "tx", "packets", (json_int_t)p->tx_packets, "bytes",
		(json_int_t)p->tx_bytes, "errors", (json_int_t)p->tx_errors);
}

/* A container that doesn't answer has an error in place of its figures. */
static json_t *container_json(const struct container_figures *c)
{
	json_t *ports;

	if (c->state != TELEMETRY_OK)
		return json_pack("{s:s, s:s, s:s, s:s}", "name", c->name, "run_id", c->run_id,
			"image", c->image, "error", telemetry_state_text(c->state));
	ports = json_array();
	for (size_t i = 0; i < c->port_count; i++)
		json_array_append_new(ports, port_json(&c->ports[i]));
	return json_pack("{s:s, s:s, s:s, s:i, s:f, s:o}", "name", c->name, "run_id", c->run_id,
		"image", c->image, "pid", (int)c->pid, "cpu_seconds", c->cpu_seconds, "ports",
		ports);
}

static int print_json(const struct figures *figures, struct cvio_error *err)
{
	json_t *list = json_array(), *all;
	int r = 0;

	for (size_t i = 0; r == 0 && i < figures->count; i++)
		r = json_array_append_new(list, container_json(&figures->list[i]));
	all = json_pack("{s:o}", "containers", list);
	if (r == 0 && all != NULL) {
		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		r = cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM,
			"stats: a text isn't UTF-8, or out of memory; leave --json out");
	}
	json_decref(all);
	return r;
}

static void print_port(const struct container_figures *c, const struct port_figures *p)
{
	char ring[16], offloads[32];

	port_ring_format(p, ring);
	port_offloads_format(p, offloads);
	printf("%-20s %4u %-4s %-10s %-23s %14" PRIu64 " %16" PRIu64 " %8" PRIu64 " %14" PRIu64
	       " %16" PRIu64 " %8" PRIu64 "  %s\n",
		c->name, p->id, p->up ? "up" : "down", ring, offloads, p->rx_packets, p->rx_bytes,
		port_rx_drops(p), p->tx_packets, p->tx_bytes, port_tx_drops(p), p->path);
}

static void print_table(const struct figures *figures)
{
	printf("%-20s %4s %-4s %-10s %-23s %14s %16s %8s %14s %16s %8s  %s\n", "CONTAINER", "PORT",
		"LINK", "RING", "OFFLOADS", "RX PACKETS", "RX BYTES", "RX DROPS", "TX PACKETS",
		"TX BYTES", "TX DROPS", "PATH");
	for (size_t i = 0; i < figures->count; i++)
		for (size_t p = 0; p < figures->list[i].port_count; p++)
			print_port(&figures->list[i], &figures->list[i].ports[p]);
}

/* Each silent container is a line; that there is one is the exit status. */
static int report_silent(const struct figures *figures, struct cvio_error *err)
{
	const struct container_figures *last = NULL;

	for (size_t i = 0; i < figures->count; i++) {
		if (figures->list[i].state == TELEMETRY_OK)
			continue;
		if (last != NULL)
			fprintf(stderr, "cvio: stats: %s: %s\n", last->name,
				telemetry_state_text(last->state));
		last = &figures->list[i];
	}
	if (last == NULL)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -ETIMEDOUT, "stats: %s: %s", last->name,
		telemetry_state_text(last->state));
}

static int cmd_stats(int argc, char **argv, struct cvio_error *err)
{
	_figures_cleanup_ struct figures figures = {0};
	struct stats_options options = {0};
	int r = parse(argc, argv, &options, err);

	if (r == 0 && options.help)
		fputs(stats_usage, stdout);
	if (r == 0 && !options.help) {
		r = figures_collect(&options.names, false, &figures, err);
		if (r == 0 && options.json)
			r = print_json(&figures, err);
		else if (r == 0)
			print_table(&figures);
		if (r == 0)
			r = report_silent(&figures, err);
	}
	words_fini(&options.names);
	return r;
}

const struct command stats_command = {
	"stats", cmd_stats, "print the counters of every port", stats_usage, stats_longopts};
