/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A step's command and its hash. The hash is over the command without the labels, of which it is
 * one, and over the image's ID: an image that was built again is another one under the same name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "chain/chain_plan.h"

static void add_labels(
	const struct chain_plan *plan, const struct chain_step *step, struct words *argv)
{
	words_addf(argv,
		"--podman-args=--label=" CHAIN_LABEL "=%s --label=" CHAIN_LABEL_CONTAINER
		"=%s --label=" CHAIN_LABEL_LEVEL "=%u --label=" CHAIN_LABEL_HASH "=%s",
		plan->chain->name, step->container->name, step->level, step->hash);
}

/* The words as one text that `cvio run` splits again. */
static void add_podman_args(const struct words *words, struct words *argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = words->count == 0 ? NULL : open_memstream(&text, &size);

	if (words->count == 0)
		return;
	if (out == NULL) {
		argv->failed = true;
		return;
	}
	for (size_t i = 0; i < words->count; i++) {
		fputs(i > 0 ? " " : "", out);
		shell_quote(out, words->list[i]);
	}
	if (fclose(out) != 0)
		argv->failed = true;
	else
		words_addf(argv, "--podman-args=%s", text);
	free(text);
}

void chain_step_command(const struct chain_plan *plan, const struct chain_step *step, bool labels,
	struct words *argv)
{
	const struct chain_container *c = step->container;

	words_add(argv, "run");
	words_add(argv, "--detach");
	words_addf(argv, "--name=%s-%s", plan->chain->name, c->name);
	if (c->cpus != NULL)
		words_addf(argv, "--cpus=%s", c->cpus);
	if (c->memory != NULL)
		words_addf(argv, "--memory=%s", c->memory);
	for (size_t i = 0; i < step->ports.count; i++)
		words_addf(argv, "--port=%s", step->ports.list[i]);
	add_podman_args(&c->podman_args, argv);
	if (labels)
		add_labels(plan, step, argv);
	words_add(argv, c->image);
	if (c->args.count > 0) {
		words_add(argv, "--");
		words_extend(argv, &c->args);
	}
}

int chain_step_hash(const struct chain_plan *plan, struct chain_step *step, const char *image_id)
{
	_words_cleanup_ struct words argv = {0};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return -ENOMEM;
	chain_step_command(plan, step, false, &argv);
	for (size_t i = 0; i < argv.count; i++)
		fwrite(argv.list[i], 1, strlen(argv.list[i]) + 1, out); /* with its NUL */
	fputs(image_id, out);
	if (fclose(out) != 0 || argv.failed) {
		free(text);
		return -ENOMEM;
	}
	sha256_text(text, size, step->hash);
	free(text);
	return 0;
}
