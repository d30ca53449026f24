/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What `cvio` ends with beside the codes of the image contract (enum cvio_exit). An operator's
 * script has to tell "this host lacks something" from "the application ended so", hence the
 * launcher keeps to sysexits' numbers as images do; every other status is the application's own.
 * docs/cvio-run.1.scd lists them all.
 */
#pragma once

#include "pmd/grammar/error.h"

enum launcher_exit {
	LAUNCHER_EXIT_UNFIT =
		65, /* the image lacks the contract's labels, or is not for this CPU */
	LAUNCHER_EXIT_NO_IMAGE = 66,  /* no such image in the local storage */
	LAUNCHER_EXIT_NO_PODMAN = 72, /* podman is not installed */
	LAUNCHER_EXIT_NO_PERMISSION =
		77, /* a socket or its folder is closed to the container's user, or to ours */
};
