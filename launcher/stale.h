/* SPDX-License-Identifier: BSD-3-Clause */
/* What killed launchers left. */
#pragma once

/**
 * Remove the folders of containers that are no more, and containers that were made but never
 * started. Cheap where there are none: podman is asked only if a folder may be stale. What can't be
 * removed stays: it isn't this run's failure.
 */
void stale_sweep(void);
