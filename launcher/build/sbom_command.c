/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio sbom`: the bill of materials of an image in the storage, on standard output. */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/longopts.h"
#include "base/signals.h"
#include "build/audit_layout.h"
#include "build/commands.h"
#include "build/sbom.h"

static const char sbom_usage[] =
	"Usage: cvio sbom [--format spdx|cyclonedx] IMAGE\n"
	"\n"
	"Print what IMAGE, which is in the local storage, is made of: every "
	"linked component with its\n"
	"version, licence and source, and every file with its SHA-256.\n"
	"\n"
	"  --format FORMAT  spdx: SPDX 2.3 (the default), or cyclonedx: "
	"CycloneDX 1.5; both as JSON\n"
	"  -h, --help       this text\n";

struct sbom_options {
	const char *image;
	bool cyclonedx, help;
};

static const struct option sbom_longopts[] = {
	{"format", required_argument, NULL, LONGOPT_ONLY},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int parse(int argc, char **argv, struct sbom_options *o, struct cvio_error *err)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", sbom_longopts, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"sbom: %s: %s; see `cvio help sbom`", argv[optind - 1],
				option == '?' ? "no such option" : "needs a value");
		o->help = o->help || option == 'h';
		if (option != LONGOPT_ONLY)
			continue;
		o->cyclonedx = strcmp(optarg, "cyclonedx") == 0;
		if (!o->cyclonedx && strcmp(optarg, "spdx") != 0)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"sbom: --format: %s: spdx or cyclonedx is wanted", optarg);
	}
	if (!o->help && optind + 1 != argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"sbom: IMAGE: exactly one is wanted; see `cvio help sbom`");
	o->image = argv[optind];
	return 0;
}

static int cmd_sbom(int argc, char **argv, struct cvio_error *err)
{
	_layout_cleanup_ struct layout layout = {0};
	_sbom_cleanup_ struct sbom sbom = {0};
	struct sbom_options options = {0};
	_fd_cleanup_ int sig_fd = -1;
	json_t *json;
	int r = parse(argc, argv, &options, err);

	if (r == 0 && options.help) {
		fputs(sbom_usage, stdout);
		return 0;
	}
	if (r < 0)
		return r;
	sig_fd = signals_catch();
	r = layout_load(options.image, sig_fd, &layout, err);
	if (r == 0)
		r = sbom_collect(&layout, options.image, &sbom, err);
	if (r < 0)
		return r;
	json = options.cyclonedx ? sbom_cyclonedx(&sbom) : sbom_spdx(&sbom);
	if (json == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	/* That the output can't be written is main's to say. */
	json_dumpf(json, stdout, JSON_INDENT(2));
	json_decref(json);
	putchar('\n');
	return 0;
}

const struct command sbom_command = {
	"sbom", cmd_sbom, "print an image's bill of materials", sbom_usage, sbom_longopts};
