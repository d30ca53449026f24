/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * probe: a packet probe, a plain DPDK application. It measures what is at the other end of its
 * ports.
 *
 * Its own options, after `--`, are checked before EAL starts, since starting may wait for a peer.
 */
#include <signal.h>
#include <stdio.h>

#include <rte_eal.h>

#include "common/app.h"
#include "common/options.h"
#include "pmd/grammar/error.h"
#include "probe/options.h"
#include "probe/run.h"

static void on_signal(int number)
{
	run_signal = number;
}

static void signals_catch(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int probe(int argc, char **argv, struct cvio_error *err)
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
	rc = app_eal_init(argc, argv, err);
	if (rc < 0)
		return rc;
	signals_catch();
	rc = opt.echo ? run_echo(&opt, err) : run_measure(&opt, err);
	rte_eal_cleanup();
	return rc;
}

int main(int argc, char **argv)
{
	struct cvio_error err = {.exit_code = CVIO_EXIT_SOFTWARE};
	int rc = probe(argc, argv, &err);

	if (rc >= 0)
		return rc;
	fprintf(stderr, "probe: %s\n", err.text);
	return err.exit_code;
}
