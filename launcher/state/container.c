/* SPDX-License-Identifier: BSD-3-Clause */
/* All of it by running podman, which knows best. */
#include "state/container.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/names.h"

int container_ask(const char *filter, const char *format, char *word, size_t size)
{
	_capture_cleanup_ struct capture ps = {0};
	char option[192];

	snprintf(option, sizeof(option), "--filter=%s", filter);
	if (capture_runl(&ps, NULL, "podman", "ps", "--all", "--no-trunc", option, format, NULL) <
			0 ||
		ps.status != 0)
		return -EIO;
	snprintf(word, size, "%.*s", (int)strcspn(ps.out, "\n"), ps.out);
	return 0;
}

void container_remove(const char *filter)
{
	char id[CONTAINER_ID_MAX];

	for (int i = 0; i < CONTAINER_TRIES; i++) {
		_capture_cleanup_ struct capture removed = {0};

		if (container_ask(filter, "--format={{.ID}}", id, sizeof(id)) < 0 || id[0] == '\0')
			return;
		capture_runl(&removed, NULL, "podman", "rm", "--force", "--ignore", "--time=2", id,
			NULL);
		if (removed.out == NULL || removed.status != 0)
			container_pause();
	}
}

void container_discard(const char *run_id)
{
	char filter[128];

	snprintf(filter, sizeof(filter), "label=" CONTAINER_LABEL "=%s", run_id);
	container_remove(filter);
}

void container_pause(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
}
