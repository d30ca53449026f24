/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An OCI hook at the stage poststop calls the launcher once more, when the runtime has deleted the
 * container: also after the launcher that started it was killed. It gets no environment, so that
 * the folder is given whole. podman takes hooks of its own from two folders unless it is told
 * others; those are named again.
 */
#include "hook.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "exit.h"
#include "hook_limit.h"
#include "image.h"
#include "state.h"
#include "state_tree.h"

/* A hook at a stage, with the words after "cvio"; the second may be NULL. */
static char *hook_text(const char *stage, const char *command, const char *a, const char *b)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	json_t *json;
	char *text;

	if (n < 0)
		return NULL;
	self[n] = '\0';
	json = json_pack("{s:s, s:{s:s, s:[s, s, s, s*], s:i}, s:{s:b}, s:[s]}", "version", "1.0.0",
		"hook", "path", self, "args", "cvio", command, a, b, "timeout", 10, "when",
		"always", 1, "stages", stage);
	text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}

static int write_hook(const struct state *state, const char *file, char *text)
{
	int r = text == NULL ? -EINVAL : state_write(state, file, text);

	free(text);
	return r;
}

static int write_limit(const struct state *state, const struct memory_spec *limit)
{
	char bytes[32], page[32];

	snprintf(bytes, sizeof(bytes), "%" PRIu64, limit->size);
	snprintf(page, sizeof(page), "%" PRIu64, memory_spec_page(limit));
	return write_hook(state, "hooks/limit.json",
		hook_text("createRuntime", limit_command.name, bytes, page));
}

int hook_write(const struct state *state, const struct memory_spec *limit, char *buf,
	struct cvio_error *err)
{
	int r = state_subfolder(
		state, "hooks", &(struct image_user){true, geteuid(), getegid()}, buf, err);

	if (r < 0)
		return r;
	r = write_hook(state, "hooks/cvio.json",
		hook_text("poststop", hook_command.name, state->path, NULL));
	if (r == 0 && limit != NULL)
		r = write_limit(state, limit);
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
			"run: %.200s: can't write the container's hook: %s; try again", state->path,
			strerror(-r));
	return 0;
}

static int cmd_poststop(int argc, char **argv, struct cvio_error *err)
{
	int r;

	/* podman may call a hook twice, and the launcher may have been first */
	if (argc == 2 && access(argv[1], F_OK) < 0 && errno == ENOENT)
		return 0;
	if (argc != 2 || !state_tree_is(argv[1]))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"poststop: %.200s: not a container's folder; this is for the engine to "
			"call",
			argc < 2 ? "FOLDER" : argv[1]);
	r = state_tree_remove(argv[1]);
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
			"poststop: %.200s: %s; remove it by hand", argv[1], strerror(-r));
	return 0;
}

const struct command hook_command = {"poststop", cmd_poststop, NULL, NULL, NULL};
