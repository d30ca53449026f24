/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio bundle`: images, launcher and all as one signed file, for where no network is. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "base/option_word.h"
#include "bundle/bundle_create.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_store.h"
#include "bundle/commands.h"
#include "pmd/grammar/words.h"

static const char bundle_usage[] =
	"Usage: cvio bundle create -o FILE [--sign KEY] [--base OLD] [--sdk --sources FOLDER] "
	"IMAGE...\n"
	"       cvio bundle verify --key KEY [--base OLD] FILE\n"
	"       cvio bundle load --key KEY [--base OLD] FILE\n"
	"\n"
	"create puts images with their SBOMs, the launcher, man pages and an install script into "
	"one\n"
	"file. verify checks every byte of it. load does the same, and then puts the images into "
	"the\n"
	"local storage: all of them or none.\n"
	"\n"
	"  -o, --output FILE    the bundle to write\n"
	"  --sign KEY           sign it with this SSH key (ssh-keygen -Y sign)\n"
	"  --key KEY            the signer's public key, or a file of allowed signers\n"
	"  --unsigned           take a bundle without a signature\n"
	"  --base OLD           create: leave out what the full bundle OLD has\n"
	"                       verify, load: take that from OLD\n"
	"  --sdk                also the images that others are built from, and all sources\n"
	"  --sources FOLDER     where the sources are: a checkout of cvio, or src/ of a bundle\n"
	"  -h, --help           this text\n";

struct bundle_options {
	struct create_options create;
	struct bundle_trust trust;
	bool help;
};

enum {
	OPTION_SIGN = LONGOPT_ONLY,
	OPTION_KEY,
	OPTION_UNSIGNED,
	OPTION_BASE,
	OPTION_SDK,
	OPTION_SOURCES
};

static const struct option bundle_longopts[] = {
	{"output", required_argument, NULL, 'o'},
	{"sign", required_argument, NULL, OPTION_SIGN},
	{"key", required_argument, NULL, OPTION_KEY},
	{"unsigned", no_argument, NULL, OPTION_UNSIGNED},
	{"base", required_argument, NULL, OPTION_BASE},
	{"sdk", no_argument, NULL, OPTION_SDK},
	{"sources", required_argument, NULL, OPTION_SOURCES},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static void take_option(struct bundle_options *o, int option)
{
	switch (option) {
	case 'o':
		o->create.output = optarg;
		break;
	case 'h':
		o->help = true;
		break;
	case OPTION_SIGN:
		o->create.key = optarg;
		break;
	case OPTION_KEY:
		o->trust.key = optarg;
		break;
	case OPTION_UNSIGNED:
		o->trust.unsigned_ok = true;
		break;
	case OPTION_BASE:
		o->create.base = optarg;
		break;
	case OPTION_SDK:
		o->create.sdk = true;
		break;
	case OPTION_SOURCES:
		o->create.sources = optarg;
		break;
	}
}

static int parse(int argc, char **argv, struct bundle_options *o, struct cvio_error *err)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:h", bundle_longopts, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"bundle: %s: %s; see `cvio help bundle`", option_word(argv),
				option == '?' ? "no such option" : "needs a value");
		take_option(o, option);
	}
	return 0;
}

static int misused(struct cvio_error *err, const char *what)
{
	return cvio_error_set(
		err, CVIO_EXIT_CONFIG, -EINVAL, "bundle: %s; see `cvio help bundle`", what);
}

static int check_create(const struct bundle_options *o, int count, struct cvio_error *err)
{
	const struct create_options *c = &o->create;

	if (c->output == NULL)
		return misused(err, "create: -o FILE is needed: where the bundle goes");
	if (o->trust.key != NULL || o->trust.unsigned_ok)
		return misused(err, "create: --key and --unsigned are for verify and load; --sign "
				    "KEY signs");
	if (c->sdk && c->sources == NULL)
		return misused(err, "create: --sdk: --sources FOLDER is needed: a checkout of cvio "
				    "with its subprojects/packagecache, or src/ of a bundle");
	if (!c->sdk && c->sources != NULL)
		return misused(err, "create: --sources is for --sdk");
	if (count == 0 && !c->sdk)
		return misused(err, "create: no IMAGE is given");
	return 0;
}

static int check_read(const struct bundle_options *o, int count, struct cvio_error *err)
{
	const struct create_options *c = &o->create;

	if (c->output != NULL || c->key != NULL || c->sdk || c->sources != NULL)
		return misused(err, "-o, --sign, --sdk and --sources are for create");
	if (count != 1)
		return misused(err, "verify and load: exactly one FILE is wanted");
	if (o->trust.key != NULL && o->trust.unsigned_ok)
		return misused(err, "--key and --unsigned exclude each other");
	if (o->trust.key == NULL && !o->trust.unsigned_ok)
		return misused(err,
			"--key KEY is needed: the signer's public key, from the signer; "
			"--unsigned takes a bundle that nobody signed");
	return 0;
}

/* What the delta leaves out must be in the base, with the same content. */
static int check_taken(const struct bundle *b, const struct bundle *base, struct cvio_error *err)
{
	for (size_t i = 0; i < b->index.taken_count; i++) {
		const struct bundle_member *m = &b->index.taken[i];
		const struct bundle_member *there = bundle_index_find(&base->index, m->name);

		if (there == NULL || there->size != m->size ||
			strcmp(there->sha256, m->sha256) != 0)
			return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
				"bundle: %s: takes %s from its base, which hasn't got it; get the "
				"bundle again",
				b->path, m->name);
	}
	return 0;
}

static int open_base(const struct bundle_options *o, const struct bundle *b, struct bundle *base,
	struct cvio_error *err)
{
	const char *path = o->create.base;
	int r;

	if (b->index.base == NULL && path != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: --base %s: %s is a full bundle and needs no base; leave it out",
			path, b->path);
	if (b->index.base == NULL)
		return 0;
	if (path == NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: %s: it is a delta against the bundle with digest %s; give that "
			"one by --base",
			b->path, b->index.base);
	r = bundle_open(path, &o->trust, base, err);
	if (r < 0)
		return r;
	if (strcmp(base->digest, b->index.base) != 0)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
			"bundle: --base %s: its digest is %s, but %s is a delta against %s; give "
			"that one",
			path, base->digest, b->path, b->index.base);
	return check_taken(b, base, err);
}

static uint64_t bytes_to_unpack(const struct bundle *b)
{
	uint64_t size = 0;

	for (size_t i = 0; i < b->index.count; i++)
		size += b->index.members[i].size;
	for (size_t i = 0; i < b->index.taken_count; i++)
		size += b->index.taken[i].size;
	return size;
}

static void report(const struct bundle *b, const char *verb)
{
	const json_t *image;
	size_t i;

	printf("%-8s %s, %s\n", verb, b->path,
		b->is_signed ? "every byte as it was signed" : "whole, but nobody signed it");
	printf("Digest   %s\n", b->digest);
	json_array_foreach ((json_t *)b->index.images, i, image)
		printf("Image    %s %s\n", json_string_value(json_object_get(image, "name")),
			json_string_value(json_object_get(image, "digest")));
}

/* Verify, and for load keep the images while their bytes pass by. */
static int read_bundle(const struct bundle_options *o, const char *path, bool load,
	struct bundle_work *work, struct cvio_error *err)
{
	_bundle_cleanup_ struct bundle b = BUNDLE_INIT, base = BUNDLE_INIT;
	const char *folder = NULL;
	int r = bundle_open(path, &o->trust, &b, err);

	if (r == 0)
		r = open_base(o, &b, &base, err);
	if (r == 0 && load) {
		r = work_make_folder(work, bytes_to_unpack(&b), err);
		folder = work->folder;
	}
	if (r == 0)
		r = bundle_read(&b, work, folder, NULL, err);
	if (r == 0 && base.fd >= 0)
		r = bundle_read(&base, work, folder, &b.index, err);
	if (r == 0 && load)
		r = store_import(work, b.index.images, folder, err);
	if (r == 0)
		report(&b, load ? "Loaded" : "Verified");
	return r;
}

static int run_create(struct bundle_options *o, int count, char **images, struct bundle_work *work,
	struct cvio_error *err)
{
	_words_cleanup_ struct words names = {0};

	for (int i = 0; i < count; i++)
		words_add(&names, images[i]);
	o->create.images = &names;
	return bundle_create(&o->create, work, err);
}

static int cmd_bundle(int argc, char **argv, struct cvio_error *err)
{
	_work_cleanup_ struct bundle_work work = BUNDLE_WORK_INIT;
	struct bundle_options o = {0};
	const char *verb;
	int r = parse(argc, argv, &o, err), count = argc - optind - 1;
	bool create;

	if (r == 0 && o.help) {
		fputs(bundle_usage, stdout);
		return 0;
	}
	if (r < 0)
		return r;
	verb = optind < argc ? argv[optind++] : "";
	create = strcmp(verb, "create") == 0;
	if (!create && strcmp(verb, "verify") != 0 && strcmp(verb, "load") != 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: %.80s%screate, verify or load is wanted; see `cvio help bundle`",
			verb, verb[0] != '\0' ? ": " : "");
	r = create ? check_create(&o, count, err) : check_read(&o, count, err);
	if (r == 0)
		r = work_begin(&work, err);
	if (r < 0)
		return r;
	if (create)
		return run_create(&o, count, argv + optind, &work, err);
	return read_bundle(&o, argv[optind], strcmp(verb, "load") == 0, &work, err);
}

const struct command bundle_command = {
	"bundle", cmd_bundle, "carry images to where no network is", bundle_usage, bundle_longopts};
