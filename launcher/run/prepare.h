/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run needs on the host before podman is called. */
#pragma once

#include <limits.h>

#include "run/plan.h"
#include "state/state.h"

struct cvio_error;
struct image_user;

struct preparation {
	struct state state;
	struct words hooks;
	char runtime_dir[PATH_MAX], hugepages_dir[PATH_MAX], pid_file[PATH_MAX];
};

#define PREPARATION_INIT             \
	{                            \
		.state = STATE_INIT, \
	}

/* What a run wants of its folder. */
struct wishes {
	const struct image_user *user;       /* NULL: unknown, or another on the host */
	const struct words *ports;           /* as the user gave them */
	bool runtime_dir;                    /* for EAL's files */
	const struct memory_spec *hugetlbfs; /* one of its own; NULL: none */
	const struct memory_spec *limit;     /* of its hugepages; NULL: none */
};

/**
 * Make the container's folder with all that it wants there.
 *
 * @param plan  gets the paths, borrowed from p
 * @param p     to be closed whatever the result
 */
int prepare(struct preparation *p, const struct wishes *wishes, struct run_plan *plan,
	struct cvio_error *err);

/** Remove what was made; a state that was left alone stays. */
void preparation_close(struct preparation *p);
