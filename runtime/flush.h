/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the application prints isn't lost. musl's stdout writes each line at once only until its
 * first write shows that it is no terminal; then it writes a KiB at a time, and `podman logs` would
 * show one line of a program that prints little, and nothing of the rest once a signal ends it.
 *
 * So stdout is line-buffered from before the first constructor on. The application's own setvbuf()
 * or setbuf() comes later and wins. What is left in the buffer then, such as a line without an end,
 * is written when a signal ends the process.
 */
#pragma once

#define FLUSH_MS 100 /* what flush_soon() waits at most */

/** Make the thread that flushes. If there can't be one, flush_soon() does nothing. */
void flush_begin(void);

/**
 * Write what stdout and stderr have buffered. For signal handlers: it takes no lock.
 *
 * A thread that the signal has interrupted in printf() holds stdout's lock and won't give it back,
 * and a pipe may be full. Then this gives up after FLUSH_MS.
 */
void flush_soon(void);
