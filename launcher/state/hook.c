/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An OCI hook at the stage poststop calls the launcher once more, when the runtime has deleted the
 * container: also after the launcher that started it was killed. It gets no environment, so that
 * the folder is given whole. podman takes hooks of its own from two folders unless it is told
 * others; those are named again.
 */
#include "state/hook.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/exit.h"
#include "image/image.h"
#include "pmd/grammar/words.h"
#include "ports/wire.h"
#include "state/hook_limit.h"
#include "state/hook_pack.h"
#include "state/state.h"
#include "state/state_tree.h"

/* In podman's form: hooks/NAME.json. Takes the words. */
static int write_hook(
	const struct state *state, const char *name, const char *stage, struct words *words)
{
	char file[64];
	json_t *json = json_pack("{s:s, s:o, s:{s:b}, s:[s]}", "version", "1.0.0", "hook",
		hook_pack(words), "when", "always", 1, "stages", stage);
	char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
	int r = -EINVAL;

	snprintf(file, sizeof(file), "hooks/%s.json", name);
	if (text != NULL && !words->failed)
		r = state_write(state, file, text);
	free(text);
	json_decref(json);
	words_fini(words);
	return r;
}

static int write_limit(const struct state *state, const struct memory_spec *limit)
{
	struct words words = {0};

	words_add(&words, limit_command.name);
	words_addf(&words, "%" PRIu64, limit->size);
	words_addf(&words, "%" PRIu64, memory_spec_page(limit));
	return write_hook(state, "limit", "createRuntime", &words);
}

static int write_wires(const struct state *state, const char *owner, const struct words *wired)
{
	struct words first = {0}, last = {0};
	int r;

	words_add(&first, WIRE_NAME);
	words_add(&last, UNWIRE_NAME);
	words_add(&first, owner);
	words_add(&last, owner);
	words_extend(&first, wired);
	words_extend(&last, wired);
	r = write_hook(state, "wire", "createRuntime", &first);
	if (r < 0) {
		words_fini(&last);
		return r;
	}
	return write_hook(state, "unwire", "poststop", &last);
}

static int write_poststop(const struct state *state)
{
	struct words words = {0};

	words_add(&words, hook_command.name);
	words_add(&words, state->path);
	return write_hook(state, "cvio", "poststop", &words);
}

int hook_write(const struct state *state, const struct memory_spec *limit, const char *owner,
	const struct words *wired, char *buf, struct cvio_error *err)
{
	int r = state_subfolder(
		state, "hooks", &(struct image_user){true, geteuid(), getegid()}, buf, err);

	if (r < 0)
		return r;
	r = write_poststop(state);
	if (r == 0 && limit != NULL)
		r = write_limit(state, limit);
	if (r == 0 && wired->count > 0)
		r = write_wires(state, owner, wired);
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
