/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A burst is sorted by the port and the queue that each frame leaves by, and each lot is handed
 * over before the next: frames of a flow have one queue, so they keep their order.
 *
 * Where the other side has no room the frames wait for it a moment, since a large frame becomes
 * more segments than a ring may have room for, and are dropped then: it must not hold up the
 * others.
 */
#include "gateway/forward.h"

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_pause.h>

#include "gateway/classify.h"
#include "gateway/rules.h"

#define WAIT_US 200 /* for room: half a ring of 1024 frames of 1518 bytes at 40 Gbit/s */

struct place {
	unsigned port; /* PORTS_MAX: nowhere */
	uint16_t queue;
};

static void count(uint64_t *counter, uint64_t n)
{
	/* one writer; the report reads it from another lcore */
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

/* Sends what has room in time, and frees the rest; returns how many that were. */
static uint16_t frames_send(uint16_t port, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	uint64_t end = 0;
	uint16_t at = 0, dropped = 0;

	while (at < n) {
		uint16_t ready = rte_eth_tx_prepare(port, queue, &frames[at], n - at);
		uint16_t sent = rte_eth_tx_burst(port, queue, &frames[at], ready);

		at += sent;
		if (sent > 0 || at == n) {
			end = 0;
		} else if (ready == 0) { /* the driver refuses it */
			rte_pktmbuf_free(frames[at++]);
			dropped++;
		} else if (end == 0) {
			end = rte_rdtsc() + rte_get_tsc_hz() / 1000000 * WAIT_US;
		} else if (rte_rdtsc() > end) {
			rte_pktmbuf_free_bulk(&frames[at], n - at);
			return dropped + (n - at);
		} else {
			rte_pause();
		}
	}
	return dropped;
}

static void flush(struct forward *f, unsigned from, struct place to)
{
	struct port *port = &f->ports->port[to.port];
	uint16_t dropped;

	if (f->pending == 0)
		return;
	rte_spinlock_lock(&port->lock[to.queue]);
	rte_eth_tx_done_cleanup(port->id, to.queue, 0);
	dropped = frames_send(port->id, to.queue, f->out, f->pending);
	rte_spinlock_unlock(&port->lock[to.queue]);
	f->pending = 0;
	count(&f->counted[from][to.port].dropped, dropped);
}

static void add(struct forward *f, unsigned from, struct place to, struct rte_mbuf *frame)
{
	struct direction *d = &f->counted[from][to.port];
	uint16_t n;

	if (f->pending + SEGMENTS_MAX > OUT_MAX)
		flush(f, from, to);
	count(&d->frames, 1);
	count(&d->bytes, frame->pkt_len);
	count(&d->large, (frame->ol_flags & RTE_MBUF_F_RX_LRO) != 0);
	count(&d->segments, segment_count(frame));
	n = segment(f->ports, &f->ports->port[to.port], frame, &f->out[f->pending]);
	count(&d->dropped, n == 0);
	f->pending += n;
}

static void drop(struct forward *f, unsigned from, struct rte_mbuf *frame)
{
	struct direction *d = &f->counted[from][from];

	count(&d->frames, 1);
	count(&d->bytes, frame->pkt_len);
	count(&d->segments, 1);
	count(&d->dropped, 1);
	rte_pktmbuf_free(frame);
}

static struct place place_of(
	const struct forward *f, unsigned from, uint16_t queue, const struct rte_mbuf *frame)
{
	const struct ports *ports = f->ports;
	unsigned kernel = ports->count - 1;
	struct place to = {0};
	struct rte_net_hdr_lens lens;
	struct facts facts;

	if (from != kernel) {
		bool fits = f->rules->count == 0;

		if (!fits) {
			classify(frame, &lens, &facts);
			fits = rules_fit(f->rules, &facts);
		}
		to.port = fits ? kernel : kernel == 2 ? 1 - from : PORTS_MAX;
	}
	if (to.port < PORTS_MAX) {
		uint16_t queues = ports->port[to.port].queues;

		to.queue = queues <= ports->port[from].queues ? queue % queues
							      : classify_hash(frame) % queues;
	}
	return to;
}

void forward_tidy(struct forward *f)
{
	for (unsigned i = 0; i < f->ports->count; i++) {
		struct port *port = &f->ports->port[i];

		for (uint16_t q = 0; q < port->queues; q++)
			if (rte_spinlock_trylock(&port->lock[q])) {
				rte_eth_tx_done_cleanup(port->id, q, 0);
				rte_spinlock_unlock(&port->lock[q]);
			}
	}
}

void forward_queue(struct forward *f, unsigned from, uint16_t queue)
{
	struct rte_mbuf *frames[BURST];
	struct place places[BURST];
	uint16_t n = rte_eth_rx_burst(f->ports->port[from].id, queue, frames, BURST);

	for (uint16_t i = 0; i < n; i++)
		places[i] = place_of(f, from, queue, frames[i]);
	for (uint16_t i = 0; i < n; i++) {
		struct place to = places[i];

		if (frames[i] == NULL) /* it went with one before */
			continue;
		if (to.port == PORTS_MAX) {
			drop(f, from, frames[i]);
			continue;
		}
		for (uint16_t j = i; j < n; j++)
			if (frames[j] != NULL && places[j].port == to.port &&
				places[j].queue == to.queue) {
				add(f, from, to, frames[j]);
				frames[j] = NULL;
			}
		flush(f, from, to);
	}
}
