/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A signal handler mustn't call stdio: it may have interrupted stdio. Trying the lock doesn't tell,
 * since musl's ftrylockfile() succeeds for the thread that holds it. So a thread of its own, which
 * takes no signals, waits for the handler's word and calls fflush(), which waits for the lock if
 * another thread holds it. The handler only waits for that thread, and not for long.
 */
#include "runtime/flush.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#define STACK_SIZE (64 * 1024) /* a few KiB are touched; the default may be locked into memory */

static sem_t wanted;
static atomic_bool started, done;

static void line_buffered(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
}

/* After the look at the CPU (cpu_check.c) and ahead of whatever may print. */
__attribute__((section(".init_array.00001"), used)) static void (*const first)(
	void) = line_buffered;

static void *serve(void *arg)
{
	(void)arg;
	while (sem_wait(&wanted) < 0)
		;
	fflush(stdout);
	fflush(stderr);
	done = true;
	return NULL;
}

void flush_begin(void)
{
	pthread_attr_t attr;
	sigset_t all, before;
	pthread_t thread;

	sem_init(&wanted, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	started = pthread_create(&thread, &attr, serve, NULL) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
}

void flush_soon(void)
{
	if (!started)
		return;
	sem_post(&wanted);
	for (int i = 0; i < FLUSH_MS && !done; i++)
		poll(NULL, 0, 1);
}
