/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames are sent from a pool of their own whose buffers are filled at the start of a phase: nobody
 * writes to them but frame_stamp() and frame_address(), so a frame of any size costs its sender the
 * same few bytes.
 */
#include "probe/traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include "pmd/grammar/error.h"
#include "probe/report.h"

/* Where frames go that come back on their own port: an address that is nobody's. */
static const struct rte_ether_addr nobody = {{0x02, 'c', 'v', 'i', 'o', 0x00}};

int traffic_init(struct traffic *t, struct ports *ports, struct cvio_error *err)
{
	bool pairs = ports->count % 2 == 0;
	unsigned count = 0, n = 0;

	memset(t, 0, sizeof(*t));
	for (unsigned i = 0; i < ports->count; i++)
		count += ports->port[i].queues_use;
	t->flows = calloc(count, sizeof(*t->flows));
	if (t->flows == NULL)
		return cvio_error_set(
			err, CVIO_EXIT_MEMORY, -ENOMEM, "no memory for %u flows", count);
	for (unsigned i = 0; i < ports->count; i++) {
		struct port *back = &ports->port[pairs ? i ^ 1 : i];

		for (uint16_t q = 0; q < ports->port[i].queues_use; q++)
			t->flows[n++] = (struct flow){
				.port = &ports->port[i],
				.back = back,
				.queue = q,
				.dst = pairs ? back->mac : nobody,
			};
	}
	t->ports = ports;
	t->flow_count = count;
	return 0;
}

void traffic_fini(struct traffic *t)
{
	free(t->flows);
	t->flows = NULL;
	t->flow_count = 0;
}

static void buffer_fill(struct rte_mempool *pool, void *frame, void *object, unsigned index)
{
	struct rte_mbuf *m = object;

	(void)pool;
	(void)index;
	frame_fill(frame, (char *)m->buf_addr + RTE_PKTMBUF_HEADROOM);
}

void traffic_begin(struct traffic *t, uint16_t size, struct histogram *rtt)
{
	uint32_t run = t->frame.run ? t->frame.run : (uint32_t)rte_rdtsc() | 1;

	frame_template_init(&t->frame, run, t->frame.phase + 1, size);
	rte_mempool_obj_iter(t->ports->tx_pool, buffer_fill, &t->frame);
	for (unsigned i = 0; i < t->flow_count; i++)
		stream_init(&t->flows[i].stream);
	t->damaged = t->late = t->foreign = 0;
	t->last_arrival = rte_rdtsc();
	t->rtt = rtt;
}

uint32_t traffic_send(struct traffic *t, struct flow *flow, uint32_t want)
{
	struct rte_mbuf *burst[TRAFFIC_BURST];
	uint32_t room =
		t->inflight > flow->stream.under_way ? t->inflight - flow->stream.under_way : 0;
	uint16_t n = RTE_MIN(RTE_MIN(want, room), (uint32_t)TRAFFIC_BURST), sent;
	struct frame_tag tag = {
		.time = rte_rdtsc(),
		.sequence = flow->stream.next,
		.stream = flow - t->flows,
	};

	if (n == 0 || rte_pktmbuf_alloc_bulk(t->ports->tx_pool, burst, n) < 0)
		return 0;
	for (uint16_t i = 0; i < n; i++, tag.sequence++) {
		void *data = rte_pktmbuf_mtod(burst[i], void *);

		burst[i]->data_len = t->frame.len;
		burst[i]->pkt_len = t->frame.len;
		frame_address(data, flow->dst.addr_bytes, flow->port->mac.addr_bytes);
		frame_stamp(&t->frame, data, &tag);
	}
	sent = rte_eth_tx_burst(flow->port->id, flow->queue, burst, n);
	if (sent < n)
		rte_pktmbuf_free_bulk(&burst[sent], n - sent);
	if (flow->stream.under_way == 0)
		t->last_arrival = tag.time;
	stream_sent(&flow->stream, sent);
	return sent;
}

static void frame_account(
	struct traffic *t, const struct port *port, struct rte_mbuf *m, uint64_t now)
{
	struct frame_tag tag;
	struct flow *flow;

	switch (frame_check(
		&t->frame, rte_pktmbuf_mtod(m, void *), m->data_len, m->pkt_len, &tag)) {
	case FRAME_GOOD:
		flow = tag.stream < t->flow_count ? &t->flows[tag.stream] : NULL;
		if (flow == NULL || flow->back != port ||
			stream_received(&flow->stream, tag.sequence) < 0) {
			t->foreign++;
			break;
		}
		t->last_arrival = now;
		if (t->rtt != NULL)
			histogram_add(t->rtt, now - tag.time);
		break;
	case FRAME_LATE:
		t->late++;
		break;
	case FRAME_DAMAGED:
		t->damaged++;
		break;
	case FRAME_FOREIGN:
		t->foreign++;
		break;
	}
}

static void queue_receive(struct traffic *t, const struct port *port, uint16_t queue)
{
	struct rte_mbuf *burst[TRAFFIC_BURST];
	uint16_t n = rte_eth_rx_burst(port->id, queue, burst, TRAFFIC_BURST);
	uint64_t now;

	if (n == 0)
		return;
	now = rte_rdtsc();
	for (uint16_t i = 0; i < n; i++) {
		if (i + 2 < n)
			rte_prefetch0(rte_pktmbuf_mtod(burst[i + 2], void *));
		frame_account(t, port, burst[i], now);
	}
	rte_pktmbuf_free_bulk(burst, n);
}

void traffic_receive(struct traffic *t)
{
	for (unsigned i = 0; i < t->ports->count; i++)
		for (uint16_t q = 0; q < t->ports->port[i].queues; q++)
			queue_receive(t, &t->ports->port[i], q);
}

uint64_t traffic_under_way(const struct traffic *t)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < t->flow_count; i++)
		sum += t->flows[i].stream.under_way;
	return sum;
}

void traffic_give_up(struct traffic *t)
{
	for (unsigned i = 0; i < t->flow_count; i++)
		stream_give_up(&t->flows[i].stream);
}

uint64_t traffic_received(const struct traffic *t)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < t->flow_count; i++)
		sum += t->flows[i].stream.received;
	return sum;
}

void traffic_result(const struct traffic *t, struct phase_result *result)
{
	uint64_t missing = 0;

	result->sent = result->received = result->reordered = result->duplicated = 0;
	result->late = t->late;
	for (unsigned i = 0; i < t->flow_count; i++) {
		const struct stream *s = &t->flows[i].stream;

		result->sent += s->next - s->under_way;
		missing += stream_missing(s) - s->under_way;
		result->received += s->received;
		result->reordered += s->reordered;
		result->duplicated += s->duplicated;
		result->late += s->stale;
	}
	/* What came back broken was not lost. A broken duplicate can make these more than are
	 * missing. */
	result->lost = missing > t->damaged ? missing - t->damaged : 0;
	result->damaged = t->damaged;
	result->foreign = t->foreign;
}
