/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio up`: what there is and what the file says are compared by labels; what differs is stopped,
 * then started. Those that use a restarted backend stay: their ports connect again by themselves.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/signals.h"
#include "chain/chain_folder.h"
#include "chain/chain_found.h"
#include "chain/chain_options.h"
#include "chain/chain_run.h"
#include "chain/commands.h"
#include "image/image.h"
#include "image/variant.h"

static const char up_usage[] =
	"Usage: cvio up [-f FILE] [--dry-run]\n"
	"\n"
	"Start the containers of a chain, in the order of their links, each once those before it\n"
	"are ready. What runs already as FILE has it is left alone.\n"
	"\n"
	"  -f, --file FILE  the chain, else " CHAIN_FILE "\n"
	"  --dry-run        print what would be done, as commands\n"
	"  -h, --help       this text\n"
	"\n"
	"cvio-up(1) has the file's format.\n";

struct up {
	struct chain chain;
	struct chain_folder folder;
	struct chain_plan plan;
	struct chain_found found;
	bool start[CHAIN_CONTAINERS_MAX];
};

static void up_fini(struct up *up)
{
	chain_found_fini(&up->found);
	chain_plan_fini(&up->plan);
	chain_folder_fini(&up->folder);
	chain_fini(&up->chain);
}

/* The ID of an image, which changes when it is built again, and its user. */
static int image_id(
	const char *name, char *id, size_t size, struct image_user *user, struct cvio_error *err)
{
	_image_cleanup_ struct image image = {0};
	struct variant variant;
	int r = variant_load(name, &image, &variant, err);
	const char *text;

	if (r < 0)
		return r;
	text = json_string_value(json_object_get(json_array_get(image.json, 0), "Id"));
	snprintf(id, size, "%s", text == NULL ? "" : text);
	image_user(&image, user);
	return 0;
}

/* Each image is asked for once. */
static int hash_steps(struct chain_plan *plan, struct cvio_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->count; i++) {
		const char *image = plan->steps[i].container->image;
		struct image_user user;
		char id[80];

		if (plan->steps[i].hash[0] != '\0')
			continue;
		r = image_id(image, id, sizeof(id), &user, err);
		for (size_t j = i; r == 0 && j < plan->count; j++)
			if (strcmp(plan->steps[j].container->image, image) == 0) {
				plan->steps[j].user = user;
				r = chain_step_hash(plan, &plan->steps[j], id) < 0
					    ? cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM,
						      "out of memory")
					    : 0;
			}
		if (r < 0 && err->exit_code != LAUNCHER_EXIT_NO_PODMAN) {
			struct cvio_error why = *err;

			chain_error(err, plan->chain->file, plan->steps[i].container->place,
				"%s: %s", plan->steps[i].container->name, why.text);
			err->exit_code = why.exit_code;
		}
	}
	return r;
}

static void print_plan(const struct up *up)
{
	for (size_t i = 0; i < up->found.count; i++)
		if (up->found.list[i].stop)
			printf("# stop %s\npodman rm --force --time=10 %.12s\n",
				up->found.list[i].container, up->found.list[i].id);
	for (size_t i = 0; i < up->plan.count; i++) {
		const struct chain_step *step = &up->plan.steps[i];
		_words_cleanup_ struct words argv = {0};

		printf("# %s %s\n", up->start[i] ? "start" : "keep", step->container->name);
		if (!up->start[i])
			continue;
		chain_step_command(&up->plan, step, true, &argv);
		fputs("cvio", stdout);
		for (size_t j = 0; j < argv.count; j++) {
			putchar(' ');
			shell_quote(stdout, argv.list[j]);
		}
		putchar('\n');
	}
}

/* What this up had started, with what is left of those that failed. A chain of which nothing is
 * left leaves no folder. */
static void take_down(struct up *up)
{
	_chain_found_cleanup_ struct chain_found now = {0};
	struct cvio_error ignored;
	size_t stay = 0;

	if (chain_found_load(up->chain.name, &now, &ignored) < 0)
		return;
	for (size_t i = 0; i < now.count; i++) {
		now.list[i].stop = false;
		for (size_t j = 0; j < up->plan.count; j++)
			if (up->start[j] && strcmp(up->plan.steps[j].container->name,
						    now.list[i].container) == 0)
				now.list[i].stop = true;
		stay += !now.list[i].stop;
	}
	if (chain_found_stop(&now, "up", &ignored) < 0)
		fprintf(stderr, "cvio: %s\n", ignored.text);
	else if (stay == 0)
		chain_folder_remove(&up->folder);
}

static int change(struct up *up, struct cvio_error *err)
{
	_fd_cleanup_ int sig_fd = signals_catch();
	size_t kept = 0;
	int r;

	if (sig_fd < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, sig_fd, "up: signals: %s; try again",
			strerror(-sig_fd));
	r = chain_found_stop(&up->found, "up", err);
	if (r == 0)
		r = chain_folder_fill(&up->folder, &up->plan, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < up->plan.count; i++)
		kept += !up->start[i];
	r = chain_run(&up->plan, up->start, sig_fd, err);
	if (r < 0) {
		take_down(up);
		return r;
	}
	if (kept > 0)
		fprintf(stderr, "cvio: up: %zu of %zu containers left as they were\n", kept,
			up->plan.count);
	return 0;
}

static int prepare(struct up *up, const struct chain_options *o, struct cvio_error *err)
{
	int r = chain_load(o->file, &up->chain, err);

	if (r == 0)
		r = chain_folder_path(up->chain.name, &up->folder, err);
	if (r == 0)
		r = chain_plan_make(&up->chain, up->folder.path, &up->plan, err);
	if (r == 0)
		r = hash_steps(&up->plan, err);
	if (r == 0 && !o->dry_run)
		r = chain_folder_open(&up->folder, up->chain.name, err);
	if (r == 0)
		r = chain_found_load(up->chain.name, &up->found, err);
	if (r == 0)
		chain_compare(&up->plan, &up->found, up->start);
	return r;
}

static int cmd_up(int argc, char **argv, struct cvio_error *err)
{
	__attribute__((cleanup(up_fini))) struct up up = {.folder = CHAIN_FOLDER_INIT};
	struct chain_options options;
	int r = chain_options_parse(argc, argv, true, &options, err);

	if (r == 0 && options.help) {
		fputs(up_usage, stdout);
		return 0;
	}
	if (r == 0)
		r = prepare(&up, &options, err);
	if (r < 0)
		return r;
	if (options.dry_run) {
		print_plan(&up);
		return 0;
	}
	return change(&up, err);
}

const struct command up_command = {
	"up", cmd_up, "start the containers of a chain", up_usage, up_longopts};
