/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio ps`: the containers that the launcher started, whoever's launcher it was. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/longopts.h"
#include "base/names.h"
#include "pmd/grammar/words.h"
#include "watch/commands.h"
#include "watch/ps_list.h"

static const char ps_usage[] =
	"Usage: cvio ps [--json]\n"
	"\n"
	"List the containers that cvio run and cvio up started: their chain, image, state, CPUs,\n"
	"how long they run, and their ports.\n"
	"\n"
	"  --json      the same as a JSON array\n"
	"  -h, --help  this text\n";

struct ps_options {
	bool json, help;
};

static const struct option ps_longopts[] = {
	{"json", no_argument, NULL, LONGOPT_ONLY},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int parse(int argc, char **argv, struct ps_options *o, struct cvio_error *err)
{
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, "h", ps_longopts, NULL)) != -1) {
		o->json = o->json || option == LONGOPT_ONLY;
		o->help = o->help || option == 'h';
		if (option == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"ps: %s: no such option; see `cvio help ps`", argv[optind - 1]);
	}
	if (optind < argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"ps: %s: unexpected; see `cvio help ps`", argv[optind]);
	return 0;
}

static int failed(struct capture *podman, struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO, "podman: ps: %.300s; try `podman ps`",
		podman->status != 0 ? capture_reason(podman) : "its list can't be read");
}

/* One that goes between the two questions makes inspect fail; it tells of the others all the same.
 */
static int inspect(const char *ps, struct capture *details, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	json_t *list = json_loads(ps, 0, NULL), *one;
	size_t i;

	words_add(&argv, "podman");
	words_add(&argv, "inspect");
	words_add(&argv, "--type=container");
	json_array_foreach (list, i, one) {
		const char *id = json_string_value(json_object_get(one, "Id"));

		words_add(&argv, id == NULL ? "" : id);
	}
	json_decref(list);
	return capture_run(&argv, -1, details, err);
}

static int load(json_t **list, struct cvio_error *err)
{
	_capture_cleanup_ struct capture ps = {0}, details = {0};
	int r = capture_runl(&ps, err, "podman", "ps", "--all", "--no-trunc", "--format=json",
		"--filter=label=" CONTAINER_LABEL, NULL);

	if (r == 0 && ps.status != 0)
		return failed(&ps, err);
	/* inspect wants one at least */
	if (r == 0 && strchr(ps.out, '{') != NULL)
		r = inspect(ps.out, &details, err);
	if (r < 0)
		return r;
	*list = ps_list(ps.out, details.out != NULL ? details.out : "[]", time(NULL));
	return *list == NULL ? failed(&ps, err) : 0;
}

static int cmd_ps(int argc, char **argv, struct cvio_error *err)
{
	struct ps_options options = {0};
	json_t *list = NULL;
	int r = parse(argc, argv, &options, err);

	if (r == 0 && options.help) {
		fputs(ps_usage, stdout);
		return 0;
	}
	if (r == 0)
		r = load(&list, err);
	if (r < 0)
		return r;
	if (options.json) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		ps_print(list, stdout);
	}
	json_decref(list);
	return 0;
}

const struct command ps_command = {"ps", cmd_ps, "list containers", ps_usage, ps_longopts};
