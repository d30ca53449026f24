/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "EAL": DPDK's own initialisation, without a device.
 *
 * Should: pass on what the stages before have settled. Mustn't: probe a port: the next stage does,
 * one by one.
 */
#pragma once

#include <stdbool.h>

struct cvio_error;
struct eal_wishes;

/**
 * Initialise EAL.
 *
 * @param argc,argv  the application's; argv is permuted as EAL does
 * @param err        the exit code and a line; EAL's own lines, which name the details, are on
 * stderr already
 * @return           what the application's rte_eal_init() returns, or a negative errno
 */
int eal_start(int argc, char **argv, const struct eal_wishes *wishes, struct cvio_error *err);

/** Whether EAL serves telemetry itself, because the user asked it to: --telemetry. */
bool eal_has_telemetry(void);
