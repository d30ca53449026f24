/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A frame isn't copied to be sent to several ports: net_vhost's transmit only reads a buffer,
 * copies its content into the receiver's ring and frees it. So all receivers get the very same
 * buffer, whose segments have a reference for each.
 *
 * A port's lock is held while a burst is handed over, since the driver keeps its state for a single
 * sender; with one lcore nobody ever waits for it. There are no queues for each lcore instead,
 * because how many there are is the frontend's choice, and mostly it is one.
 *
 * Where the receiver has no room, frames are dropped at once: a receiver that is slow, or stopped,
 * must not hold up the others.
 */
#include "switch/forward.h"

#include <errno.h>

#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include "switch/mac.h"
#include "switch/table.h"

#define HEADER_LEN 14 /* both addresses and the type */

/*
 * A frame that is longer than this may be refused because a frontend's buffers can't hold it, while
 * shorter ones still fit: an Ethernet frame of 1500 bytes with two tags.
 */
#define USUAL_LEN 1522

static void count(uint64_t *counter, uint64_t n)
{
	/* one writer at a time; the report reads it from another lcore */
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

/* Sends what has room and frees the rest; returns how many frames were sent, and their bytes. */
static uint16_t frames_send(const struct port *port, uint16_t queue, struct rte_mbuf **frames,
	uint16_t n, uint64_t *bytes)
{
	uint16_t at = 0, dropped = 0;

	*bytes = 0;
	for (uint16_t i = 0; i < n; i++)
		*bytes += frames[i]->pkt_len; /* one that is sent may be gone */
	while ((at += rte_eth_tx_burst(port->id, queue, &frames[at], n - at)) < n) {
		/* the port is full, unless only this frame is too large for it */
		uint16_t end = frames[at]->pkt_len > USUAL_LEN ? at + 1 : n;

		for (; at < end; at++, dropped++) {
			*bytes -= frames[at]->pkt_len;
			rte_pktmbuf_free(frames[at]);
		}
	}
	return n - dropped;
}

static void port_flush(struct forward *f, unsigned to, uint16_t queue)
{
	struct port *port = &f->ports->port[to];
	uint16_t n = f->out[to].count, queues = port_send_queues(port), sent;
	uint64_t bytes;

	f->out[to].count = 0;
	rte_spinlock_lock(&port->sent.lock);
	sent = frames_send(port, queues > 0 ? queue % queues : 0, f->out[to].frame, n, &bytes);
	count(&port->sent.frames, sent);
	count(&port->sent.bytes, bytes);
	count(&port->sent.dropped, n - sent);
	rte_spinlock_unlock(&port->sent.lock);
}

/* One more reference for each receiver but the first. */
static void frame_share(struct rte_mbuf *frame, int more)
{
	for (; more > 0 && frame != NULL; frame = frame->next)
		rte_mbuf_refcnt_update(frame, (int16_t)more);
}

static void frame_put(struct forward *f, struct rte_mbuf *frame, uint32_t to)
{
	frame_share(frame, __builtin_popcount(to) - 1);
	for (; to != 0; to &= to - 1) {
		unsigned port = (unsigned)__builtin_ctz(to);

		f->out[port].frame[f->out[port].count++] = frame;
	}
}

/* What is received from one port's queue at a time, and the state that it meets. */
struct burst {
	unsigned in;
	uint8_t generation;
	uint32_t now;
	uint32_t others; /* set of the ports that a frame may go to */
	uint64_t bytes, flooded, filtered, learned, moved;
};

static void frame_learn(struct forward *f, struct burst *b, uint64_t source)
{
	switch (table_learn(f->table, source, b->in, b->generation, b->now)) {
	case TABLE_NEW:
		b->learned++;
		break;
	case TABLE_MOVED:
		b->moved++;
		break;
	case TABLE_KNOWN:
		break;
	}
}

/* The set of ports that the frame goes to; empty if it isn't forwarded. */
static uint32_t frame_route(struct forward *f, struct burst *b, const struct rte_mbuf *frame)
{
	const uint8_t *data = rte_pktmbuf_mtod(frame, const uint8_t *);
	uint64_t destination, source;
	int port;

	if (frame->data_len < HEADER_LEN)
		return 0;
	destination = mac_load(data);
	source = mac_load(data + MAC_LEN);
	if (!mac_is_source(source))
		return 0;
	frame_learn(f, b, source);
	if (mac_is_reserved(destination))
		return 0;
	port = mac_is_group(destination) ? -ENOENT : table_find(f->table, destination, b->now);
	if (port >= 0)
		return b->others & UINT32_C(1) << port;
	b->flooded += b->others != 0;
	return b->others;
}

static void burst_prefetch(const struct forward *f, struct rte_mbuf **frames, uint16_t n)
{
	for (uint16_t i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(frames[i], void *));
	for (uint16_t i = 0; i < n; i++) {
		const uint8_t *data = rte_pktmbuf_mtod(frames[i], const uint8_t *);

		table_prefetch(f->table, mac_load(data));
		table_prefetch(f->table, mac_load(data + MAC_LEN));
	}
}

static void burst_count(struct port_received *received, const struct burst *b, uint16_t n)
{
	count(&received->frames, n);
	count(&received->bytes, b->bytes);
	count(&received->flooded, b->flooded);
	count(&received->filtered, b->filtered);
	count(&received->learned, b->learned);
	count(&received->moved, b->moved);
}

static bool queue_forward(struct forward *f, struct burst *b, uint16_t queue)
{
	struct rte_mbuf *frames[FORWARD_BURST];
	struct port *in = &f->ports->port[b->in];
	uint16_t n = rte_eth_rx_burst(in->id, queue, frames, FORWARD_BURST);
	uint32_t used = 0;

	if (n == 0)
		return false;
	burst_prefetch(f, frames, n);
	for (uint16_t i = 0; i < n; i++) {
		uint32_t to = frame_route(f, b, frames[i]);

		b->bytes += frames[i]->pkt_len;
		b->filtered += to == 0;
		used |= to;
		if (to == 0)
			rte_pktmbuf_free(frames[i]);
		else
			frame_put(f, frames[i], to);
	}
	for (; used != 0; used &= used - 1)
		port_flush(f, (unsigned)__builtin_ctz(used), queue);
	burst_count(&in->received, b, n);
	return true;
}

bool forward_port(struct forward *f, unsigned in, uint32_t now)
{
	uint8_t generation = table_generation(f->table, in);
	uint32_t up = ports_up(f->ports), self = UINT32_C(1) << in;
	bool any = false;

	if (!(up & self))
		return false;
	for (uint16_t q = 0; q < f->ports->port[in].queues; q++) {
		struct burst b = {
			.in = in, .generation = generation, .now = now, .others = up & ~self};

		any |= queue_forward(f, &b, q);
	}
	return any;
}
