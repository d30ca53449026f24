/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio inspect`: what an image needs, for people and with --json for programs. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "host/host.h"
#include "image/commands.h"
#include "image/image.h"
#include "image/variant.h"

static const char inspect_usage[] =
	"Usage: cvio inspect [--json] IMAGE\n"
	"\n"
	"Show what IMAGE, which is in the local storage, needs and how it is built.\n"
	"\n"
	"  --json      the same as a JSON object\n"
	"  -h, --help  this text\n";

struct inspect_options {
	const char *image;
	bool json, help;
};

static const struct option inspect_longopts[] = {
	{"json", no_argument, NULL, LONGOPT_ONLY},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int parse(int argc, char **argv, struct inspect_options *o, struct cvio_error *err)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", inspect_longopts, NULL)) != -1) {
		o->json = o->json || option == LONGOPT_ONLY;
		o->help = o->help || option == 'h';
		if (option == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"inspect: %s: no such option; see `cvio help inspect`",
				argv[optind - 1]);
	}
	if (!o->help && optind + 1 != argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"inspect: IMAGE: exactly one is wanted; see `cvio help inspect`");
	o->image = argv[optind];
	return 0;
}

static const char *or_none(const char *value)
{
	return value != NULL ? value : "not stated";
}

static const char *level_here(const char *level)
{
	int has = level == NULL ? -EINVAL : host_has_level(level);

	return has > 0 ? " (this CPU has it)" : has == 0 ? " (this CPU lacks it)" : "";
}

static void print_entrypoint(const struct image *image)
{
	const json_t *word;
	size_t i;

	json_array_foreach ((json_t *)image->entrypoint, i, word)
		printf("%s%s", i > 0 ? " " : "", json_string_value(word));
	puts(json_array_size(image->entrypoint) == 0 ? or_none(NULL) : "");
}

static void print_text(const char *name, const struct image *image, const struct variant *variant,
	const struct image_user *user)
{
	int calls = image->seccomp == NULL ? -1 : seccomp_count(image->seccomp);

	printf("Image       %s\n", name);
	if (variant->of_index)
		printf("Index       of %s; this is for %s, %.12s\n", variant->levels,
			variant->level, variant->id);
	printf("Contract    %s\n", or_none(image->contract));
	printf("Ports       %s\n", or_none(image->ports));
	printf("Memory      %s\n", or_none(image->memory));
	printf("CPU         %s%s\n", or_none(image->cpu), level_here(image->cpu));
	printf("DPDK        %s\n", or_none(image->dpdk));
	if (calls >= 0)
		printf("Seccomp     %d system calls allowed\n", calls);
	else
		printf("Seccomp     %s\n", image->seccomp == NULL ? "not stated" : "unreadable");
	if (user->known)
		printf("User        uid %u, gid %u\n", user->uid, user->gid);
	else
		printf("User        %s\n", image->user);
	printf("Entrypoint  ");
	print_entrypoint(image);
	printf("Size        %.1f KiB unpacked\n", (double)image->size / 1024);
}

/* A label that the image lacks is null, and so is what only an index has. */
static int print_json(const char *name, const struct image *image, const struct variant *variant,
	const struct image_user *user)
{
	int has = image->cpu == NULL ? -EINVAL : host_has_level(image->cpu);
	int calls = image->seccomp == NULL ? -1 : seccomp_count(image->seccomp);
	json_t *json = json_pack(
		"{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:o, s:s?, s:o, s:s, s:o, s:o, s:O?, "
		"s:I}",
		"image", name, "index_levels", variant->of_index ? variant->levels : NULL,
		"index_id", variant->of_index ? variant->id : NULL, "contract", image->contract,
		"ports", image->ports, "memory", image->memory, "cpu", image->cpu, "cpu_here",
		has < 0 ? json_null() : json_boolean(has), "dpdk", image->dpdk, "seccomp_calls",
		calls < 0 ? json_null() : json_integer(calls), "user", image->user, "uid",
		user->known ? json_integer(user->uid) : json_null(), "gid",
		user->known ? json_integer(user->gid) : json_null(), "entrypoint",
		image->entrypoint, "size", (json_int_t)image->size);
	if (json == NULL)
		return -ENOMEM;
	/* That the output can't be written is main's to say. */
	json_dumpf(json, stdout, JSON_INDENT(2));
	json_decref(json);
	putchar('\n');
	return 0;
}

static int cmd_inspect(int argc, char **argv, struct cvio_error *err)
{
	_image_cleanup_ struct image image = {0};
	struct inspect_options options = {0};
	struct image_user user;
	struct variant variant;
	int r = parse(argc, argv, &options, err);

	if (r == 0 && options.help) {
		fputs(inspect_usage, stdout);
		return 0;
	}
	if (r == 0)
		r = variant_load(options.image, &image, &variant, err);
	if (r < 0)
		return r;
	image_user(&image, &user);
	if (!options.json) {
		print_text(options.image, &image, &variant, &user);
		return 0;
	}
	if (print_json(options.image, &image, &variant, &user) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return 0;
}

const struct command inspect_command = {
	"inspect", cmd_inspect, "show what an image needs", inspect_usage, inspect_longopts};
