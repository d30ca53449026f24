/* SPDX-License-Identifier: BSD-3-Clause */
#include "common/app.h"

#include <rte_eal.h>

#include "common/options.h"
#include "pmd/grammar/error.h"

volatile sig_atomic_t app_ended, app_report;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		app_report = 1;
	else
		app_ended = 1;
}

static void signals_catch(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
}

static int start(int argc, char **argv, const struct app *app, struct cvio_error *err)
{
	char **own = argv;
	int count = app_own_words(argc, &own);
	bool help = false;
	int rc = app->parse(count, own, &help, err);

	if (rc < 0)
		return rc;
	if (help) {
		app->help(stdout);
		return 0;
	}
	/* before EAL, so that one who asks for the counters early doesn't end the process */
	signal(SIGUSR1, SIG_IGN);
	rc = app_eal_init(argc, argv, err);
	if (rc < 0)
		return rc;
	signals_catch();
	rc = app->run(err);
	rte_eal_cleanup();
	return rc;
}

int app_main(int argc, char **argv, const struct app *app)
{
	struct cvio_error err = {.exit_code = CVIO_EXIT_SOFTWARE};

	if (start(argc, argv, app, &err) == 0)
		return 0;
	fprintf(stderr, "%s: %s\n", app->name, err.text);
	return err.exit_code;
}
