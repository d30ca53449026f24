/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A signal that ends a system call which would block for ever: DPDK's accept() and recv() have no
 * time limit of their own. The signal is SIGALRM; whoever uses this blocks it in the other threads.
 * The application's action, mask and timer are its own again afterwards; the timer goes on from
 * where it stood.
 */
#pragma once

#include <stdint.h>

/** CLOCK_MONOTONIC in nanoseconds. */
int64_t alarm_now_ns(void);

/** Interrupt this thread after some nanoseconds (20 ms at least), and then 50 times a second: a
 * signal may come just before the call. */
void alarm_set(int64_t ns);

/** No more interruptions. */
void alarm_clear(void);
