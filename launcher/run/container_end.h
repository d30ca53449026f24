/* SPDX-License-Identifier: BSD-3-Clause */
/* How a container that the launcher started came to an end, or never came up. */
#pragma once

struct cvio_error;
struct run_plan;

/**
 * Make podman's refusal to start a container into an error.
 *
 * @param reason  podman's own
 * @return        -EEXIST, CVIO_EXIT_CONFIG: another container has the name; else -EIO
 */
int container_refused(const struct run_plan *plan, const char *reason, struct cvio_error *err);

/** A pidfd of the container's process; -ESRCH when it has ended (err untouched), or another
 * negative errno. */
int container_pidfd(const char *name, struct cvio_error *err);

/**
 * Make the last words and the exit status of a container that ended too early into an error.
 *
 * @return a negative errno
 */
int container_ended(const struct run_plan *plan, struct cvio_error *err);
