/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text has to suit two readers. OpenMetrics wants a counter's samples to end in _total, a unit
 * to be the end of its family's name, and an end mark. node_exporter's textfile collector reads the
 * older Prometheus format, in which the type "info" is an error: so what only informs is a gauge of
 * 1, and # UNIT and # EOF are comments to it.
 */
#include "watch/metrics_text.h"

#include <inttypes.h>

#include "watch/telemetry.h"

void metrics_escape(FILE *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		if (*value == '\n')
			fputs("\\n", out);
		else
			fputc(*value, out);
	}
}

static void label(FILE *out, const char *name, const char *value)
{
	fprintf(out, ",%s=\"", name);
	metrics_escape(out, value);
	fputc('"', out);
}

static void family(
	FILE *out, const char *name, const char *type, const char *unit, const char *help)
{
	fprintf(out, "# TYPE %s %s\n", name, type);
	if (unit != NULL)
		fprintf(out, "# UNIT %s %s\n", name, unit);
	fprintf(out, "# HELP %s %s\n", name, help);
}

/* Each sample begins so, and goes on with ",label=…" or "} value". */
static void sample(FILE *out, const char *name, const struct container_figures *c)
{
	fprintf(out, "%s{container=\"", name);
	metrics_escape(out, c->name);
	fputc('"', out);
}

static void sample_port(FILE *out, const char *name, const struct container_figures *c,
	const struct port_figures *p)
{
	sample(out, name, c);
	fprintf(out, ",port=\"%u\"", p->id);
}

static void write_containers(FILE *out, const struct figures *figures)
{
	family(out, "cvio_container_up", "gauge", NULL,
		"Whether the container answers on its telemetry socket.");
	for (size_t i = 0; i < figures->count; i++) {
		const struct container_figures *c = &figures->list[i];

		sample(out, "cvio_container_up", c);
		label(out, "run_id", c->run_id);
		label(out, "image", c->image);
		fprintf(out, "} %d\n", c->state == TELEMETRY_OK);
	}
	family(out, "cvio_container_cpu_seconds", "counter", "seconds",
		"CPU time of the container's process, polling included.");
	for (size_t i = 0; i < figures->count; i++) {
		if (figures->list[i].state != TELEMETRY_OK)
			continue;
		sample(out, "cvio_container_cpu_seconds_total", &figures->list[i]);
		fprintf(out, "} %.2f\n", figures->list[i].cpu_seconds);
	}
}

static void write_info(FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	sample_port(out, "cvio_port_info", c, p);
	label(out, "kind", p->kind);
	label(out, "path", p->path);
	label(out, "mac", p->mac);
	if (p->has_layout) {
		label(out, "ring", p->packed ? "packed" : "split");
		label(out, "in_order", p->in_order ? "1" : "0");
		label(out, "mergeable", p->mergeable ? "1" : "0");
		label(out, "vectorized_rx", p->vectorized_rx ? "1" : "0");
		label(out, "vectorized_tx", p->vectorized_tx ? "1" : "0");
	}
	fputs("} 1\n", out);
}

static void write_up(FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	sample_port(out, "cvio_port_up", c, p);
	fprintf(out, "} %d\n", p->up);
}

static void write_queues(FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	sample_port(out, "cvio_port_queues", c, p);
	fprintf(out, "} %u\n", p->queues);
}

static void count(FILE *out, const struct container_figures *c, const struct port_figures *p,
	const char *name, uint64_t value)
{
	sample_port(out, name, c, p);
	fprintf(out, "} %" PRIu64 "\n", value);
}

static void write_rx_packets(
	FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	count(out, c, p, "cvio_port_receive_packets_total", p->rx_packets);
}

static void write_rx_bytes(
	FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	count(out, c, p, "cvio_port_receive_bytes_total", p->rx_bytes);
}

static void write_tx_packets(
	FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	count(out, c, p, "cvio_port_transmit_packets_total", p->tx_packets);
}

static void write_tx_bytes(
	FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	count(out, c, p, "cvio_port_transmit_bytes_total", p->tx_bytes);
}

static void drop(FILE *out, const struct container_figures *c, const struct port_figures *p,
	const char *direction, const char *reason, uint64_t value)
{
	sample_port(out, "cvio_port_drops_total", c, p);
	label(out, "direction", direction);
	label(out, "reason", reason);
	fprintf(out, "} %" PRIu64 "\n", value);
}

static void write_drops(FILE *out, const struct container_figures *c, const struct port_figures *p)
{
	drop(out, c, p, "receive", "error", p->rx_errors);
	drop(out, c, p, "receive", "missed", p->rx_missed);
	drop(out, c, p, "receive", "no_mbuf", p->rx_no_mbuf);
	drop(out, c, p, "transmit", "error", p->tx_errors);
}

static const struct port_family {
	const char *name, *type, *unit, *help;
	void (*write)(FILE *out, const struct container_figures *c, const struct port_figures *p);
} port_families[] = {
	{"cvio_port_info", "gauge", NULL, "What the port is, and what was agreed with its backend.",
		write_info},
	{"cvio_port_up", "gauge", NULL, "Whether the port is started and its other side is there.",
		write_up},
	{"cvio_port_queues", "gauge", "queues", "Queue pairs that the application uses.",
		write_queues},
	{"cvio_port_receive_packets", "counter", "packets", "Frames received.", write_rx_packets},
	{"cvio_port_receive_bytes", "counter", "bytes", "Bytes received, without FCS.",
		write_rx_bytes},
	{"cvio_port_transmit_packets", "counter", "packets", "Frames sent.", write_tx_packets},
	{"cvio_port_transmit_bytes", "counter", "bytes", "Bytes sent, without FCS.",
		write_tx_bytes},
	{"cvio_port_drops", "counter", NULL, "Frames lost, as far as DPDK's driver counts them.",
		write_drops},
};

void metrics_write(FILE *out, const struct figures *figures)
{
	write_containers(out, figures);
	for (size_t f = 0; f < sizeof(port_families) / sizeof(port_families[0]); f++) {
		const struct port_family *pf = &port_families[f];

		family(out, pf->name, pf->type, pf->unit, pf->help);
		for (size_t i = 0; i < figures->count; i++)
			for (size_t p = 0; p < figures->list[i].port_count; p++)
				pf->write(out, &figures->list[i], &figures->list[i].ports[p]);
	}
	fputs("# EOF\n", out);
}
