/* SPDX-License-Identifier: BSD-3-Clause */
#include "common/app.h"

#include <rte_errno.h>

#include "pmd/grammar/error.h"

int app_port_start(uint16_t id, const char *name, uint16_t queues, struct rte_mempool *pool,
	struct cvio_error *err)
{
	static const struct rte_eth_conf conf;
	int rc = rte_eth_dev_configure(id, queues, queues, &conf);

	for (uint16_t q = 0; rc == 0 && q < queues; q++) {
		rc = rte_eth_rx_queue_setup(id, q, 0, SOCKET_ID_ANY, NULL, pool);
		if (rc == 0)
			rc = rte_eth_tx_queue_setup(id, q, 0, SOCKET_ID_ANY, NULL);
	}
	if (rc == 0)
		rc = rte_eth_dev_start(id);
	if (rc == 0)
		return 0;
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, rc,
		"port %u (%s): can't be started with %u queue pairs: %s", id, name, queues,
		rte_strerror(-rc));
}
