/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch/top_view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "watch/telemetry.h"

#define LINE_MAX_LEN 512

static double rate(uint64_t before, uint64_t now, double seconds)
{
	return now < before ? 0 : (double)(now - before) / seconds;
}

static double idle_share(const struct port_figures *before, const struct port_figures *now)
{
	if (!before->has_polls || !now->has_polls || now->polls <= before->polls ||
		now->empty_polls < before->empty_polls)
		return -1;
	return (double)(now->empty_polls - before->empty_polls) /
	       (double)(now->polls - before->polls);
}

struct port_rates top_rates(
	const struct port_figures *before, const struct port_figures *now, double seconds)
{
	struct port_rates r = {.idle = -1};

	if (before == NULL || seconds <= 0)
		return r;
	r.rx_mpps = rate(before->rx_packets, now->rx_packets, seconds) / 1e6;
	r.tx_mpps = rate(before->tx_packets, now->tx_packets, seconds) / 1e6;
	r.rx_gbps = rate(before->rx_bytes, now->rx_bytes, seconds) * 8 / 1e9;
	r.tx_gbps = rate(before->tx_bytes, now->tx_bytes, seconds) * 8 / 1e9;
	r.drops = rate(port_rx_drops(before), port_rx_drops(now), seconds) +
		  rate(port_tx_drops(before), port_tx_drops(now), seconds);
	r.idle = idle_share(before, now);
	return r;
}

static double seconds_between(
	const struct container_figures *before, const struct container_figures *now)
{
	return before == NULL ? 0 : (double)(now->time_ns - before->time_ns) / 1e9;
}

double top_cpu(const struct container_figures *before, const struct container_figures *now)
{
	double seconds = seconds_between(before, now);

	if (seconds <= 0 || before->state != TELEMETRY_OK || before->pid != now->pid ||
		now->cpu_seconds < before->cpu_seconds)
		return -1;
	return (now->cpu_seconds - before->cpu_seconds) / seconds * 100;
}

const struct container_figures *top_find(const struct figures *before, const char *run_id)
{
	for (size_t i = 0; i < before->count; i++)
		if (strcmp(before->list[i].run_id, run_id) == 0)
			return &before->list[i];
	return NULL;
}

static const struct port_figures *find_port(const struct container_figures *c, unsigned int id)
{
	for (size_t i = 0; c != NULL && i < c->port_count; i++)
		if (c->ports[i].id == id)
			return &c->ports[i];
	return NULL;
}

struct screen {
	FILE *out;
	size_t rows_left, columns;
};

/* A raw terminal needs its carriage return. What is cut may not be half of a UTF-8 character. */
static void line(struct screen *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void line(struct screen *s, const char *fmt, ...)
{
	char text[LINE_MAX_LEN];
	size_t length = s->columns < sizeof(text) ? s->columns : sizeof(text) - 1;
	va_list ap;

	if (s->rows_left == 0)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (strlen(text) > length) {
		while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
		text[length] = '\0';
	}
	s->rows_left--;
	fprintf(s->out, "%s\x1b[K%s", text, s->rows_left > 0 ? "\r\n" : "");
}

static void percent(char buf[static 8], double value)
{
	if (value < 0)
		snprintf(buf, 8, "-");
	else
		snprintf(buf, 8, "%.1f", value > 99999 ? 99999 : value);
}

static void write_port(struct screen *s, const struct container_figures *before,
	const struct container_figures *now, const struct port_figures *p)
{
	struct port_rates r = top_rates(find_port(before, p->id), p, seconds_between(before, now));
	char ring[16], cpu[8], idle[8];

	port_ring_format(p, ring);
	percent(cpu, top_cpu(before, now));
	percent(idle, r.idle < 0 ? -1 : r.idle * 100);
	line(s, "%-16.16s %4u %-4s %-10s %8.3f %8.3f %9.3f %9.3f %8.0f %6s %6s  %s", now->name,
		p->id, p->up ? "up" : "down", ring, r.rx_mpps, r.tx_mpps, r.rx_gbps, r.tx_gbps,
		r.drops, cpu, idle, p->path);
}

void top_write(FILE *out, const struct figures *before, const struct figures *now,
	const char *clock, size_t rows, size_t columns)
{
	struct screen s = {out, rows, columns};
	size_t ports = 0;

	for (size_t i = 0; i < now->count; i++)
		ports += now->list[i].port_count;
	line(&s, "cvio top  %s  %zu container%s, %zu port%s  q quits", clock, now->count,
		now->count == 1 ? "" : "s", ports, ports == 1 ? "" : "s");
	line(&s, "%-16s %4s %-4s %-10s %8s %8s %9s %9s %8s %6s %6s  %s", "CONTAINER", "PORT",
		"LINK", "RING", "RX MPPS", "TX MPPS", "RX GBIT/S", "TX GBIT/S", "DROPS/S", "CPU %",
		"IDLE %", "PATH");
	for (size_t i = 0; i < now->count; i++) {
		const struct container_figures *c = &now->list[i];

		if (c->state != TELEMETRY_OK)
			line(&s, "%-16.16s %s", c->name, telemetry_state_text(c->state));
		for (size_t p = 0; p < c->port_count; p++)
			write_port(&s, top_find(before, c->run_id), c, &c->ports[p]);
	}
	if (s.rows_left > 0)
		fputs("\x1b[J", out); /* what is left of a longer screen */
}
