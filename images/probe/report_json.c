/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same as JSON. A failed allocation in jansson makes the setters fail one after the other,
 * without a crash, as they all accept NULL; so one sum of results at the end tells.
 */
#include <errno.h>
#include <stdio.h>

#include <jansson.h>

#include "probe/ports.h"
#include "probe/report.h"

static int set_count(json_t *object, const char *key, uint64_t value)
{
	return json_object_set_new(object, key, json_integer((json_int_t)value));
}

static json_t *phase_json(const struct phase_result *r, uint16_t size)
{
	json_t *o = json_object();
	int rc = 0;

	rc |= set_count(o, "sent", r->sent);
	rc |= set_count(o, "received", r->received);
	rc |= set_count(o, "lost", r->lost);
	rc |= set_count(o, "reordered", r->reordered);
	rc |= set_count(o, "damaged", r->damaged);
	rc |= set_count(o, "duplicated", r->duplicated);
	rc |= set_count(o, "late", r->late);
	rc |= set_count(o, "foreign", r->foreign);
	rc |= json_object_set_new(o, "seconds", json_real(r->seconds));
	rc |= json_object_set_new(o, "mpps", json_real(phase_mpps(r)));
	rc |= json_object_set_new(o, "gbps", json_real(phase_gbps(r, size)));
	if (rc == 0)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *rtt_json(const struct rtt_result *rtt)
{
	json_t *o = json_object();
	int rc = 0;

	rc |= json_object_set_new(o, "min", json_real(rtt->min));
	rc |= json_object_set_new(o, "median", json_real(rtt->median));
	rc |= json_object_set_new(o, "p99", json_real(rtt->p99));
	rc |= json_object_set_new(o, "max", json_real(rtt->max));
	if (rc == 0)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *row_json(const struct row *row)
{
	json_t *o = json_object();
	int rc = set_count(o, "size", row->size);

	rc |= json_object_set_new(o, "paced", phase_json(&row->paced, row->size));
	rc |= json_object_set_new(o, "rtt_us", rtt_json(&row->rtt));
	if (row->full.ran)
		rc |= json_object_set_new(o, "full_speed", phase_json(&row->full, row->size));
	rc |= set_count(o, "outages", row->outages);
	rc |= json_object_set_new(o, "outage_max_seconds", json_real(row->outage_max));
	rc |= json_object_set_new(o, "passed", json_boolean(!row_failed(row)));
	if (rc == 0)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *ports_json(const struct ports *ports)
{
	json_t *array = json_array();
	int rc = 0;

	for (unsigned i = 0; i < ports->count; i++) {
		const struct port *port = &ports->port[i];
		json_t *o = json_object();

		rc |= set_count(o, "port", port->id);
		rc |= json_object_set_new(o, "name", json_string(port->name));
		rc |= json_object_set_new(o, "driver", json_string(port->driver));
		rc |= set_count(o, "queue_pairs", port->queues_have);
		rc |= set_count(o, "queue_pairs_used", port_queues_used(port));
		rc |= json_array_append_new(array, o);
	}
	if (rc == 0)
		return array;
	json_decref(array);
	return NULL;
}

static int json_print(json_t *o, int rc)
{
	if (rc == 0 && json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0)
		putchar('\n');
	else
		rc = -ENOMEM;
	json_decref(o);
	return rc;
}

int report_json(const struct ports *ports, const struct options *opt, uint32_t inflight,
	const struct row *rows, unsigned count, const char *why_short)
{
	json_t *o = json_object(), *list = json_array();
	bool passed = why_short == NULL;
	int rc = 0;

	for (unsigned i = 0; i < count; i++) {
		rc |= json_array_append_new(list, row_json(&rows[i]));
		passed = passed && !row_failed(&rows[i]);
	}
	rc |= json_object_set_new(o, "ports", ports_json(ports));
	rc |= set_count(o, "paced_rate", opt->rate);
	rc |= set_count(o, "inflight", inflight);
	rc |= json_object_set_new(o, "rows", list);
	rc |= json_object_set_new(o, "passed", json_boolean(passed));
	if (why_short != NULL)
		rc |= json_object_set_new(o, "ended_early", json_string(why_short));
	return json_print(o, rc);
}

static int echo_json(const struct ports *ports, const struct echo_count *counts)
{
	json_t *o = json_object(), *list = json_array();
	int rc = 0;

	for (unsigned i = 0; i < ports->count; i++)
		for (uint16_t q = 0; q < ports->port[i].queues; q++) {
			const struct echo_count *c = &counts[i * PORTS_QUEUES_MAX + q];
			json_t *queue = json_object();

			rc |= set_count(queue, "port", ports->port[i].id);
			rc |= set_count(queue, "queue", q);
			rc |= set_count(queue, "received", c->received);
			rc |= set_count(queue, "returned", c->returned);
			rc |= set_count(queue, "dropped", c->dropped);
			rc |= json_array_append_new(list, queue);
		}
	rc |= json_object_set_new(o, "queues", list);
	return json_print(o, rc);
}

int report_echo(const struct ports *ports, const struct echo_count *counts, bool json)
{
	if (json)
		return echo_json(ports, counts);
	printf("%4s %5s %12s %12s %12s\n", "port", "queue", "received", "returned", "dropped");
	for (unsigned i = 0; i < ports->count; i++)
		for (uint16_t q = 0; q < ports->port[i].queues; q++) {
			const struct echo_count *c = &counts[i * PORTS_QUEUES_MAX + q];

			printf("%4u %5u %12llu %12llu %12llu\n", ports->port[i].id, q,
				(unsigned long long)c->received, (unsigned long long)c->returned,
				(unsigned long long)c->dropped);
		}
	return 0;
}
