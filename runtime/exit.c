/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/exit.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "pmd/socket_made.h"
#include "runtime/flush.h"

static void end(int signal)
{
	flush_soon();
	/* last: another thread may make a socket meanwhile */
	socket_made_remove();
	_exit(128 + signal);
}

void exit_on_signals(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction old;

	flush_begin();
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction ours = {.sa_handler = end};

		sigemptyset(&ours.sa_mask);
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(signals[i], &ours, NULL);
	}
	/* DPDK tells a backend that has gone that the port stops */
	if (sigaction(SIGPIPE, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}
