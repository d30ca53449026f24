/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK's telemetry, where somebody watches: the folder TELEMETRY_FOLDER is there. `cvio run` mounts
 * one, and reads the socket dpdk_telemetry.v2 in it.
 *
 * Should: serve DPDK's own commands and two of ours from a thread beside the lcores. Mustn't: cost
 * anything where packets pass, or end the process: an image forwards unwatched as well.
 */
#pragma once

#define TELEMETRY_FOLDER "/run/cvio/telemetry"

/** Remember which CPUs the process may run on, before EAL pins this thread to one. */
void telemetry_prepare(void);

/**
 * Serve telemetry, if the folder is there. A folder that can't be written to is one warning.
 *
 *     /cvio/port,ID   what a port has become: path, kind, link, ring, features, queues, MAC
 *     /cvio/polls,ID  how often its queues were polled, and how often in vain (polls.h)
 */
void telemetry_start(void);
