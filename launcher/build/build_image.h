/* SPDX-License-Identifier: BSD-3-Clause */
/* One image by buildah, under a name of ours. */
#pragma once

struct build_context;
struct build_progress;
struct cvio_error;

/**
 * Run buildah to its end. Nothing of it is left when it fails or a signal comes: no container and
 * no image.
 *
 * @param name    the image's new name; an image that has it loses it
 * @param cpu     the variant of the SDK and of the base to take; NULL: as the Containerfile says
 * @param label   "NAME=VALUE", one label more; NULL: none
 * @param sig_fd  a signalfd of the signals that end the build
 * @param err     -EINTR: a signal; else what buildah or the step that failed said:
 *                LAUNCHER_EXIT_UNFIT where it is the Containerfile's or the source's fault,
 *                LAUNCHER_EXIT_NO_IMAGE where a base is missing
 */
int build_image(const struct build_context *context, const char *name, const char *cpu,
	const char *label, int sig_fd, struct build_progress *progress, struct cvio_error *err);

/** Remove a name, and its image where nothing else needs it; never mind if there is none. */
void build_image_discard(const char *name);

/** Milliseconds of a clock that only goes on. */
unsigned long long build_now(void);
