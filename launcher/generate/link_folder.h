/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folders of a chain's links, as other tools than `cvio up` make them. A folder belongs to the
 * user of the image that makes the socket in it and nobody else may write there: who may could move
 * the socket away and put one of his own in its place.
 *
 * For a user's own podman that uid is one of the user's subordinate ones, to which only podman's
 * user namespace can give a folder.
 */
#pragma once

#include <stdbool.h>

#include "image/image.h"
#include "pmd/grammar/words.h"

struct link_folders {
	const struct words *paths;
	const struct image_user *owners; /* of each path; known */
	bool rootless;                   /* podman is a user's own */
};

/**
 * The words of the command that makes one.
 *
 * @param bin   what stands before each program's name: "", or "/usr/bin/"
 * @param argv  filled in; to be freed
 */
void link_folder_command(
	const struct link_folders *links, size_t index, const char *bin, struct words *argv);
