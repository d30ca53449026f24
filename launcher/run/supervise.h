/* SPDX-License-Identifier: BSD-3-Clause */
/* Running a plan: in the foreground or detached. */
#pragma once

#include "run/plan.h"

struct cvio_error;

/**
 * Run the container in the foreground, to its end.
 *
 * @return the application's exit status, 128 + signal if podman was killed; or a negative errno
 * with err filled in
 *         (-ENOENT without podman, -EIO when podman failed before the application ran, -EINTR when
 * a signal came before that)
 */
int run_foreground(const struct run_plan *plan, struct cvio_error *err);

/**
 * Start the container and return when its ports are up.
 *
 * @param plan        its notify_dir is set here
 * @param folder      the container's own
 * @param wait_ready  false for an image that doesn't tell
 * @return            0, with the container's name printed; or a negative errno with err filled in
 * (the exit code and the last line of a container that ended first), and nothing left
 */
int run_detached(
	struct run_plan *plan, const char *folder, bool wait_ready, struct cvio_error *err);
