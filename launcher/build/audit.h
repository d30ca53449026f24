/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether an image is what its labels say, and what the runtime and the launcher count on. */
#pragma once

struct cvio_error;
struct layout;

/**
 * Check labels, entry point and every binary of an image.
 *
 * @param name  the image's, for the message
 * @param err   -EINVAL, LAUNCHER_EXIT_UNFIT: the first thing that is wrong: the file, what, and the
 *              remedy
 */
int audit_image(const struct layout *layout, const char *name, struct cvio_error *err);
