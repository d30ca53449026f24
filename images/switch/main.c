/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * switch: a learning L2 switch between vhost-user backend ports, a plain DPDK application.
 *
 * Its own options, after `--`, are checked before EAL starts.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "../../pmd/error.h"
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
	/* vhost writes to frontends that may be gone: an error to return, no reason to end */
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

/* The switch's own words: what follows "--", which takes the place of the program's name. */
static int own_options(int argc, char **argv, struct options *opt, struct cvio_error *err)
{
	static char name[] = "switch";
	char *none[] = {name, NULL};

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return options_parse(argc - i, argv + i, opt, err);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return options_parse(2, argv, opt, err);
	return options_parse(1, none, opt, err);
}

static int start(int argc, char **argv, struct cvio_error *err)
{
	struct options opt;
	int rc = own_options(argc, argv, &opt, err);

	if (rc < 0)
		return rc;
	if (opt.help) {
		options_help(stdout);
		return 0;
	}
	/* before EAL, so that one who asks for the counters early doesn't end the process */
	signal(SIGUSR1, SIG_IGN);
	if (rte_eal_init(argc, argv) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -rte_errno,
			"EAL can't start: %s; see its messages above", rte_strerror(rte_errno));
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
