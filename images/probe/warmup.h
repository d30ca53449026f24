/* SPDX-License-Identifier: BSD-3-Clause */
/* Wait until the peers are there and pass frames on. */
#pragma once

#include <stdbool.h>

struct cvio_error;
struct outage;
struct ports;
struct start_times;
struct traffic;

/**
 * Wait until every port has a peer with at least one queue pair enabled, then until every flow got
 * a frame back. The flows of the queue pairs that were enabled are active then.
 *
 * @param seconds  how long to wait in all
 * @param t        NULL: don't send, waiting for the peers is all
 * @param times    filled in as things happen
 * @return         0; -ETIMEDOUT with CVIO_EXIT_UNAVAILABLE if a peer is absent; -EINTR when
 * app_ended is set. That frames don't come back is no failure here: the rows will show it.
 */
int warmup(struct ports *ports, struct traffic *t, unsigned seconds, struct start_times *times,
	struct cvio_error *err);

/**
 * In the midst of a phase, when peers have gone or are silent: wait until each is back and every
 * flow got a frame again, as warmup() does. The phase's counts go on; what was under way is given
 * up.
 *
 * @param outage  filled in; it began when t->last_arrival was
 * @return        0; -ETIMEDOUT if that takes longer than seconds; -EINTR
 */
int warmup_again(struct ports *ports, struct traffic *t, unsigned seconds, struct outage *outage);
