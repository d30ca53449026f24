/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting a chain's containers, each by this launcher's own `cvio run -d`. */
#pragma once

#include "chain/chain_plan.h"

/**
 * Start the steps that are marked, in order: those of a level once all below are ready.
 *
 * @param start   an element for each step: whether it is to be started
 * @param sig_fd  a signalfd; when it gets readable, what is starting is ended
 * @param err     the first failure, with the exit status of its `cvio run`; -EINTR, 128 + the
 *                signal's number: interrupted
 * @return        0 once all are ready, or a negative errno; what had become ready before is left
 */
int chain_run(const struct chain_plan *plan, const bool *start, int sig_fd, struct cvio_error *err);
