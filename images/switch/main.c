/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * switch: a learning L2 switch between vhost-user backend ports, a plain DPDK application.
 *
 * Its own options, after `--`, are checked before EAL starts.
 */
#include <signal.h>
#include <stdio.h>

#include <rte_eal.h>

#include "../../pmd/error.h"
#include "../common/app.h"
#include "../common/options.h"
#include "options.h"
#include "run.h"

static void on_signal(int number)
{
	if (number == SIGUSR1)
		run_report = 1;
	else
		run_ended = 1;
}

static void signals_catch(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
}

static int start(int argc, char **argv, struct cvio_error *err)
{
	struct options opt;
	char **own = argv;
	int count = app_own_words(argc, &own);
	int rc = options_parse(count, own, &opt, err);

	if (rc < 0)
		return rc;
	if (opt.help) {
		options_help(stdout);
		return 0;
	}
	/* before EAL, so that one who asks for the counters early doesn't end the process */
	signal(SIGUSR1, SIG_IGN);
	rc = app_eal_init(argc, argv, err);
	if (rc < 0)
		return rc;
	signals_catch();
	rc = run(&opt, err);
	rte_eal_cleanup();
	return rc;
}

int main(int argc, char **argv)
{
	struct cvio_error err = {.exit_code = CVIO_EXIT_SOFTWARE};

	if (start(argc, argv, &err) == 0)
		return 0;
	fprintf(stderr, "switch: %s\n", err.text);
	return err.exit_code;
}
