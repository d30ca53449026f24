/* SPDX-License-Identifier: BSD-3-Clause */
#include "generate/link_folder.h"

void link_folder_command(
	const struct link_folders *links, size_t index, const char *bin, struct words *argv)
{
	const struct image_user *owner = &links->owners[index];

	if (links->rootless) {
		words_addf(argv, "%spodman", bin);
		words_add(argv, "unshare");
	}
	words_addf(argv, "%sinstall", bin);
	words_add(argv, "-d");
	words_add(argv, "-m");
	words_add(argv, "755");
	words_add(argv, "-o");
	words_addf(argv, "%u", owner->uid);
	words_add(argv, "-g");
	words_addf(argv, "%u", owner->gid);
	words_add(argv, links->paths->list[index]);
}
