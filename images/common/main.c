/* SPDX-License-Identifier: BSD-3-Clause */
/* The way of our own applications from their command line to EAL and to their end. */
#include "common/app.h"

#include <stdio.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "pmd/grammar/error.h"

volatile sig_atomic_t app_ended, app_report;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		app_report = 1;
	else
		app_ended = number;
}

static void signals_catch(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	if (app.counts) /* and what is being printed isn't cut short */
		action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (app.counts)
		sigaction(SIGUSR1, &action, NULL);
}

static int start(int argc, char **argv, struct cvio_error *err)
{
	char **own = argv;
	int count = app_own_words(argc, &own);
	int rc = app_options_parse(app.options, count, own, app.opt, err);

	if (rc < 0)
		return rc;
	if (rc > 0) {
		fputs(app.options->help, stdout);
		return 0;
	}
	if (app.counts) /* before EAL, so that one who asks early doesn't end the process */
		signal(SIGUSR1, SIG_IGN);
	if (rte_eal_init(argc, argv) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -rte_errno,
			"EAL can't start: %s; see its messages above", rte_strerror(rte_errno));
	signals_catch();
	rc = app_run(err);
	rte_eal_cleanup();
	return rc;
}

int main(int argc, char **argv)
{
	struct cvio_error err = {.exit_code = CVIO_EXIT_SOFTWARE};
	int rc = start(argc, argv, &err);

	if (rc >= 0)
		return rc;
	fprintf(stderr, "%s: %s\n", app.name, err.text);
	return err.exit_code;
}
