/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/alarm.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#define AGAIN_US INT64_C(20000)

/* the application's */
static struct sigaction before;
static struct itimerval timer_before;
static sigset_t mask_before;

int64_t alarm_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void on_alarm(int signal)
{
	(void)signal; /* it is there to interrupt */
}

void alarm_set(int64_t ns)
{
	int64_t us = ns / 1000 > AGAIN_US ? ns / 1000 : AGAIN_US;
	struct sigaction sa = {.sa_handler = on_alarm}; /* without SA_RESTART */
	struct itimerval timer = {
		.it_value = {.tv_sec = us / 1000000, .tv_usec = us % 1000000},
		.it_interval = {.tv_usec = AGAIN_US},
	};

	sigset_t set;

	sigemptyset(&sa.sa_mask);
	sigaction(SIGALRM, &sa, &before);
	setitimer(ITIMER_REAL, &timer, &timer_before);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_UNBLOCK, &set, &mask_before);
}

void alarm_clear(void)
{
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	signal(SIGALRM, SIG_IGN); /* drops one that is still on its way */
	pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
	sigaction(SIGALRM, &before, NULL);
	setitimer(ITIMER_REAL, &timer_before, NULL);
}
