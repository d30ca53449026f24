/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A callback on each receiving queue, which is there only while it is asked for. It is put into
 * DPDK's list by hand: the memory of one that rte_eth_add_rx_callback() made could never be freed
 * for certain, since an lcore may be inside; these stay, and are used again.
 */
#include "pmd/polls.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include <ethdev_driver.h>
#include <rte_alarm.h>

#define KEEP_SECONDS 4 /* after the last question */

struct queue {
	struct rte_eth_rxtx_callback callback;
	uint64_t polls, empty; /* written by the lcore alone */
} __rte_cache_aligned;

static struct watched {
	struct queue *queues; /* kept once they are there: an lcore may be inside */
	uint16_t count;
	bool linked;
	time_t asked;
} watched[RTE_MAX_ETHPORTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static uint16_t count_poll(uint16_t port, uint16_t queue, struct rte_mbuf **frames, uint16_t count,
	uint16_t max, void *arg)
{
	struct queue *q = arg;

	RTE_SET_USED(port);
	RTE_SET_USED(queue);
	RTE_SET_USED(frames);
	RTE_SET_USED(max);
	__atomic_store_n(&q->polls, q->polls + 1, __ATOMIC_RELAXED);
	if (count == 0)
		__atomic_store_n(&q->empty, q->empty + 1, __ATOMIC_RELAXED);
	return count;
}

static int make_queues(uint16_t port_id, struct watched *w)
{
	uint16_t count = rte_eth_devices[port_id].data->nb_rx_queues;
	void *memory;

	if (w->queues != NULL)
		return 0;
	if (count == 0)
		return -ENOTSUP;
	if (posix_memalign(&memory, RTE_CACHE_LINE_SIZE, count * sizeof(struct queue)) != 0)
		return -ENOMEM;
	w->queues = memory;
	w->count = count;
	for (uint16_t i = 0; i < count; i++)
		w->queues[i] =
			(struct queue){.callback = {.fn.rx = count_poll, .param = &w->queues[i]}};
	return 0;
}

static void link_queues(uint16_t port_id, struct watched *w)
{
	for (uint16_t i = 0; i < w->count; i++) {
		struct rte_eth_rxtx_callback **head =
			&rte_eth_devices[port_id].post_rx_burst_cbs[i];

		w->queues[i].callback.next = *head;
		__atomic_store_n(head, &w->queues[i].callback, __ATOMIC_RELEASE);
	}
	w->linked = true;
}

static void unlink_queues(uint16_t port_id, struct watched *w)
{
	for (uint16_t i = 0; i < w->count; i++) {
		struct rte_eth_rxtx_callback **at = &rte_eth_devices[port_id].post_rx_burst_cbs[i];

		while (*at != NULL && *at != &w->queues[i].callback)
			at = &(*at)->next;
		if (*at != NULL)
			__atomic_store_n(at, w->queues[i].callback.next, __ATOMIC_RELEASE);
	}
	w->linked = false;
}

/* Runs in EAL's interrupt thread as long as a port is watched. */
static void look(void *arg)
{
	bool again = false;

	RTE_SET_USED(arg);
	pthread_mutex_lock(&lock);
	for (uint16_t id = 0; id < RTE_MAX_ETHPORTS; id++) {
		if (watched[id].linked && now() - watched[id].asked > KEEP_SECONDS)
			unlink_queues(id, &watched[id]);
		again |= watched[id].linked;
	}
	if (again)
		rte_eal_alarm_set(US_PER_S, look, NULL);
	pthread_mutex_unlock(&lock);
}

static bool any_linked(void)
{
	for (uint16_t id = 0; id < RTE_MAX_ETHPORTS; id++)
		if (watched[id].linked)
			return true;
	return false;
}

int polls_read(uint16_t port_id, uint64_t *polls, uint64_t *empty)
{
	struct watched *w = &watched[port_id];
	int ret;

	pthread_mutex_lock(&lock);
	ret = make_queues(port_id, w);
	if (ret == 0 && !w->linked) {
		/* without the alarm nothing would end it */
		if (!any_linked())
			ret = rte_eal_alarm_set(US_PER_S, look, NULL);
		if (ret == 0)
			link_queues(port_id, w);
	}
	if (ret == 0) {
		w->asked = now();
		*polls = *empty = 0;
		for (uint16_t i = 0; i < w->count; i++) {
			*polls += __atomic_load_n(&w->queues[i].polls, __ATOMIC_RELAXED);
			*empty += __atomic_load_n(&w->queues[i].empty, __ATOMIC_RELAXED);
		}
	}
	pthread_mutex_unlock(&lock);
	return ret;
}
