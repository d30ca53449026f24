/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/exit.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "pmd/grammar/port_spec.h"
#include "runtime/flush.h"

static const char *volatile paths[PORT_MAX + 1]; /* the ports' sockets and that of telemetry */
static volatile sig_atomic_t path_count;

static void unlink_all(void)
{
	for (int i = 0; i < path_count; i++)
		unlink(paths[i]);
}

static void end(int signal)
{
	unlink_all();
	flush_soon();
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

void exit_unlinks(const char *path)
{
	if (path_count == 0)
		atexit(unlink_all);
	if (path_count < PORT_MAX + 1) {
		paths[path_count] = path;
		path_count++;
	}
}
