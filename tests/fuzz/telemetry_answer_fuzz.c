/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as what a container answers, in each place where an answer is read: what is shown holds
 * no control character, and no count is beyond its array. */
#include <jansson.h>

#include "tests/fuzz/fuzz.h"
#include "watch/telemetry.h"

static void check_text(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	CHECK(length < size);
	for (size_t i = 0; i < length; i++)
		CHECK((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
}

static void check_port(const struct port_figures *p)
{
	char ring[16];

	check_text(p->kind, sizeof(p->kind));
	check_text(p->path, sizeof(p->path));
	check_text(p->mac, sizeof(p->mac));
	CHECK(p->index >= -1 && p->index <= UINT16_MAX);
	CHECK(p->queues <= UINT16_MAX && p->queues_max <= UINT16_MAX);
	port_ring_format(p, ring);
	check_text(ring, sizeof(ring));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const commands[] = {
		"/cvio/port,0", "/ethdev/stats,0", "/cvio/polls,0", "/ethdev/list"};
	struct container_figures c = {0};
	struct port_figures p = {.index = -1};
	char *text = fuzz_text(data, size);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		json_t *answer = telemetry_answer((const char *)data, size, commands[i]);

		telemetry_read_port(answer, &p);
		telemetry_read_stats(answer, &p);
		telemetry_read_polls(answer, &p);
		check_port(&p);
		CHECK(telemetry_read_list(answer, &c) < 0 || c.port_count <= TELEMETRY_PORTS);
		json_decref(answer);
	}
	if (telemetry_read_description((const char *)data, size, &c) == 0) {
		check_text(c.name, sizeof(c.name));
		check_text(c.image, sizeof(c.image));
	}
	telemetry_cpu_ticks(text);
	free(text);
	return 0;
}
