/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The boot sequence. The application calls rte_eal_init() as always; this is it.
 *
 *     config → lcores → memory → EAL → ports → (application) → ready
 *
 * Each stage is a file of its own, which says what it should and mustn't do. A stage that fails
 * ends the process here, with one line and the contract's exit code: an application would only turn
 * it into "Invalid EAL arguments".
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "pmd/grammar/error.h"
#include "pmd/log.h"
#include "pmd/ports.h"
#include "runtime/config.h"
#include "runtime/cpu_check.h"
#include "runtime/eal.h"
#include "runtime/eal_args.h"
#include "runtime/exit.h"
#include "runtime/lcores.h"
#include "runtime/ledger.h"
#include "runtime/memory.h"
#include "runtime/ready.h"
#include "runtime/telemetry.h"
#include "runtime/tsc.h"

/* it is a constructor in an archive: nobody calls it, but it has to be linked */
__attribute__((used)) static void (*const linked)(void) = cpu_check;

/* ports keep pointers into it */
static struct config config;

/* SIGALRM is for the thread that boots (pmd/alarm.h): those that EAL makes must not take it. */
static void block_alarm(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

static int boot(int argc, char **argv, struct cvio_error *err)
{
	struct memory_plan memory;
	char lcores[LCORES_LEN];
	sigset_t mask; /* the caller's */
	int parsed;
	int ret;

	ret = config_read(environ, &config, err);
	if (ret < 0)
		return ret;
	log_level_set(config.log);
	ledger_end(LEDGER_CONFIG);

	ret = lcores_plan(&config, lcores, sizeof(lcores), err);
	if (ret < 0)
		return ret;
	ledger_end(LEDGER_LCORES);

	ret = memory_plan(&config.memory, &memory, err);
	if (ret < 0)
		return ret;
	ledger_end(LEDGER_MEMORY);

	telemetry_prepare();
	block_alarm(&mask);
	parsed = eal_start(argc, argv,
		&(struct eal_wishes){lcores, &memory, config.log, config.eal_args,
			ports_have_pci(config.ports, config.port_count)},
		err);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	if (parsed < 0)
		return parsed;
	ret = config.port_count == 0 ? 0 : memory_regions_check(err);
	if (ret < 0)
		return ret;
	ledger_end(LEDGER_EAL);

	ret = ports_make(config.ports, config.port_count, config.log == LOG_LEVEL_DEBUG, err);
	if (ret < 0)
		return ret;
	/* now, since until here a port may be plugged out again, which is no moment to look at it
	 */
	if (!eal_has_telemetry()) {
		block_alarm(&mask);
		telemetry_start();
		pthread_sigmask(SIG_SETMASK, &mask, NULL);
	}
	ledger_end(LEDGER_PORTS);
	ready_begin();
	return parsed;
}

int rte_eal_init(int argc, char **argv)
{
	static bool called;
	struct cvio_error err = {.exit_code = CVIO_EXIT_SOFTWARE};
	int ret;

	if (called) { /* as EAL answers it; an application may live with that */
		rte_errno = EALREADY;
		return -1;
	}
	called = true;
	ledger_start();
	tsc_start();
	exit_on_signals();
	ret = boot(argc, argv, &err);
	if (ret < 0) {
		log_line(LOG_LEVEL_ERROR, "%s", err.text);
		exit(err.exit_code);
	}
	return ret;
}
