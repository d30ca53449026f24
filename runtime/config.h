/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "config": what the environment asks for (docs/contract.md lists the variables).
 *
 * Should: read and check every CVIO_ variable. Mustn't: touch the host, or look at the
 * application's arguments.
 */
#pragma once

#include <stddef.h>

#include "pmd/grammar/memory_spec.h"
#include "pmd/grammar/port_spec.h"
#include "pmd/log.h"

#define CONFIG_MEMORY_DEFAULT \
	"auto,64M" /* l2fwd's 8,192 mbufs and EAL's own structures take 28 MiB */

struct config {
	struct port_spec ports[PORT_MAX];
	size_t port_count;
	struct memory_spec memory;
	const char *lcores;   /* borrowed from the environment; NULL: by affinity */
	const char *eal_args; /* borrowed from the environment; NULL: none */
	enum log_level log;
};

/**
 * Read the configuration from an environment.
 *
 * @param environment  as environ(7); borrowed, and must outlive the configuration
 * @param config       filled in on success
 * @param err          on failure: CVIO_EXIT_CONFIG and the variable, its value and what is allowed
 * @return             0 or a negative errno
 */
int config_read(char *const *environment, struct config *config, struct cvio_error *err);
