/* SPDX-License-Identifier: BSD-3-Clause */
/* What killed launchers left. */
#pragma once

/**
 * Remove the folders of containers that are no more, and all that a launcher had started which was
 * killed before its container was seen to be up. Cheap where there is none: podman is asked only
 * of a folder that may be stale. What can't be removed stays: it isn't this run's failure.
 */
void stale_sweep(void);
