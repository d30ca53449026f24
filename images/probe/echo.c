/* SPDX-License-Identifier: BSD-3-Clause */
/* The reflector: send every frame back where it came from, addresses swapped, on all queues, until
 * a signal comes. */
#include <errno.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_mbuf.h>

#include "common/app.h"
#include "pmd/grammar/error.h"
#include "probe/frame.h"
#include "probe/options.h"
#include "probe/ports.h"
#include "probe/report.h"
#include "probe/run.h"
#include "probe/warmup.h"

#define BURST 32

/* Thousandths of a second to wait for room in the peer's ring before frames are dropped. */
#define PATIENCE_MS 10

static void addresses_swap(struct rte_mbuf *m)
{
	uint8_t *data = rte_pktmbuf_mtod(m, uint8_t *);
	uint8_t dst[FRAME_MAC_LEN];

	memcpy(dst, data, sizeof(dst));
	frame_address(data, data + FRAME_MAC_LEN, dst);
}

static void queue_reflect(const struct port *port, uint16_t queue, struct echo_count *count)
{
	struct rte_mbuf *burst[BURST];
	uint16_t n = rte_eth_rx_burst(port->id, queue, burst, BURST), sent = 0;
	uint64_t deadline;

	if (n == 0)
		return;
	for (uint16_t i = 0; i < n; i++)
		addresses_swap(burst[i]);
	deadline = rte_rdtsc() + rte_get_tsc_hz() / 1000 * PATIENCE_MS;
	do
		sent += rte_eth_tx_burst(port->id, queue, &burst[sent], n - sent);
	while (sent < n && !app_ended && rte_rdtsc() < deadline);
	rte_pktmbuf_free_bulk(&burst[sent], n - sent);
	count->received += n;
	count->returned += sent;
	count->dropped += n - sent;
}

static int reflect(struct ports *ports, const struct options *opt, struct cvio_error *err)
{
	static struct echo_count counts[RTE_MAX_ETHPORTS * PORTS_QUEUES_MAX];
	struct start_times times = {0};
	int rc = warmup(ports, NULL, opt->wait, &times, err);

	if (rc < 0 && rc != -EINTR)
		return rc;
	while (!app_ended)
		for (unsigned i = 0; i < ports->count; i++)
			for (uint16_t q = 0; q < ports->port[i].queues; q++)
				queue_reflect(
					&ports->port[i], q, &counts[i * PORTS_QUEUES_MAX + q]);
	if (report_echo(ports, counts, opt->json) < 0)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM, "no memory for the report");
	return 0;
}

int run_echo(const struct options *opt, struct cvio_error *err)
{
	static struct ports ports;
	int rc = ports_open(&ports, opt->queues, 0, err);

	if (rc == 0)
		rc = reflect(&ports, opt, err);
	ports_close(&ports);
	return rc;
}
