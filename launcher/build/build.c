/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio build`: an image from a folder, bit for bit the same wherever and whenever it is built. It
 * is built under a name of ours and gets the user's only once the audit has passed, so that what a
 * tag points to has always been audited.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/signals.h"
#include "build/audit.h"
#include "build/audit_layout.h"
#include "build/build_context.h"
#include "build/build_image.h"
#include "build/build_index.h"
#include "build/build_options.h"
#include "build/build_progress.h"
#include "build/commands.h"
#include "build/sbom.h"

static const char build_usage[] =
	"Usage: cvio build [-t TAG] [-f FILE] [--cpu LIST] [--sbom FOLDER] [DIR]\n"
	"\n"
	"Build the image of the folder DIR (default: this one) by its Containerfile, check it, "
	"write\n"
	"what it is made of, and show where the bytes went.\n"
	"\n"
	"  -t, --tag TAG    the image's name (default: localhost/NAME-OF-DIR)\n"
	"  -f, --file FILE  the Containerfile (default: DIR/Containerfile, else DIR/Dockerfile)\n"
	"  --cpu LIST       the CPUs to build for, separated by commas: x86-64-v2, x86-64-v3,\n"
	"                   x86-64-v4, aarch64; of several, TAG is an index\n"
	"  --sbom FOLDER    where to write the bills of materials\n"
	"                   (default: $XDG_DATA_HOME/cvio/sbom or ~/.local/share/cvio/sbom)\n"
	"  -h, --help       this text\n";

/* The name while the audit hasn't passed: NAME_LEN bytes. */
#define NAME_LEN 48

static void temporary_name(char name[NAME_LEN])
{
	unsigned int random = 0;

	if (getrandom(&random, sizeof(random), 0) < 0)
		random = (unsigned int)build_now();
	snprintf(name, NAME_LEN, "localhost/cvio-build:%d-%08x", getpid(), random);
}

struct build {
	const struct build_options *options;
	struct build_context context;
	struct build_progress progress;
	int sig_fd;
	char temporary[NAME_LEN]; /* the image's name while it has no other; "" none */
};

/* The id of the image that has a name; "" if none has. */
static void image_id(const char *name, char id[LAYOUT_DIGEST])
{
	_capture_cleanup_ struct capture images = {0};

	id[0] = '\0';
	if (capture_runl(&images, NULL, "buildah", "images", "--quiet", "--no-trunc", name, NULL) ==
			0 &&
		images.status == 0)
		snprintf(id, LAYOUT_DIGEST, "%.71s", images.out);
}

/* Remove an image that lost its last name; a container may still have it. */
static void remove_nameless(const char *id)
{
	_capture_cleanup_ struct capture images = {0}, rmi = {0};

	if (capture_runl(&images, NULL, "buildah", "images", "--quiet", "--no-trunc", "--filter",
		    "dangling=true", NULL) == 0 &&
		strstr(images.out, id) != NULL)
		capture_runl(&rmi, NULL, "buildah", "rmi", id, NULL);
}

static int give_name(struct build *b, const char *tag, const char *id, struct cvio_error *err)
{
	_capture_cleanup_ struct capture given = {0};
	char before[LAYOUT_DIGEST];
	int r;

	image_id(tag, before);
	build_index_discard(tag);
	r = capture_runl(&given, err, "buildah", "tag", b->temporary, tag, NULL);
	if (r == 0 && given.status != 0)
		r = cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -EIO, "buildah: %.400s", capture_reason(&given));
	if (r < 0)
		return r;
	build_image_discard(b->temporary);
	b->temporary[0] = '\0';
	if (before[0] != '\0' && strcmp(before, id) != 0)
		remove_nameless(before);
	return 0;
}

static int sbom_folder(
	const struct build_options *o, char *folder, size_t size, struct cvio_error *err)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (o->sbom != NULL)
		snprintf(folder, size, "%s", o->sbom);
	else if (data != NULL && data[0] == '/')
		snprintf(folder, size, "%s/cvio/sbom", data);
	else if (home != NULL && home[0] == '/')
		snprintf(folder, size, "%s/.local/share/cvio/sbom", home);
	else
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"build: HOME isn't set; name a folder for the bills of materials with "
			"--sbom");
	return 0;
}

static int report(struct build *b, const char *tag, const struct sbom *sbom, struct cvio_error *err)
{
	char folder[4096], stem[BUILD_NAME_MAX];
	int r = sbom_folder(b->options, folder, sizeof(folder), err);

	if (r < 0)
		return r;
	build_stem(tag, stem, sizeof(stem));
	printf("%s %s\n", tag, sbom->layout->id);
	sbom_print_sizes(sbom, stdout);
	r = sbom_write(sbom, folder, stem, err);
	/* before the steps of the next variant */
	fflush(stdout);
	return r;
}

/* What came out: checked, written down, shown, named. The copy for any CPU is like its original. */
static int finish(struct build *b, const char *tag, bool copy, struct cvio_error *err)
{
	_layout_cleanup_ struct layout layout = {0};
	_sbom_cleanup_ struct sbom sbom = {0};
	int r;

	build_progress_step(&b->progress, "AUDIT", build_now());
	r = layout_load(b->temporary, b->sig_fd, &layout, err);
	if (r == 0)
		r = audit_image(&layout, tag, err);
	if (r == 0)
		r = sbom_collect(&layout, tag, &sbom, err);
	build_progress_end(&b->progress);
	if (r == 0 && !copy)
		r = report(b, tag, &sbom, err);
	return r < 0 ? r : give_name(b, tag, layout.id, err);
}

static int build_one(
	struct build *b, const char *tag, const char *cpu, bool copy, struct cvio_error *err)
{
	int r;

	temporary_name(b->temporary);
	r = build_image(&b->context, b->temporary, cpu, copy ? "io.cvio.platform=any" : NULL,
		b->sig_fd, &b->progress, err);
	if (r < 0)
		b->temporary[0] = '\0';
	else
		r = finish(b, tag, copy, err);
	if (r < 0 && b->temporary[0] != '\0')
		build_image_discard(b->temporary);
	return r;
}

static int build_variants(struct build *b, struct cvio_error *err)
{
	const struct build_options *o = b->options;
	const char *any = build_index_any(o);
	char tag[BUILD_NAME_MAX];
	int r = 0;

	for (size_t i = 0; i < o->cpu_count && r == 0; i++) {
		build_variant_tag(o->tag, o->cpus[i], tag, sizeof(tag));
		r = build_one(b, tag, o->cpus[i], false, err);
	}
	if (r == 0 && any != NULL) {
		build_variant_tag(o->tag, BUILD_ANY, tag, sizeof(tag));
		r = build_one(b, tag, any, true, err);
	}
	return r < 0 ? r : build_index(o, err);
}

static int build_all(struct build *b, struct cvio_error *err)
{
	const struct build_options *o = b->options;
	int r = build_context_open(o, b->sig_fd, &b->context, err);

	if (r == 0 && o->cpu_count > 1)
		r = build_variants(b, err);
	else if (r == 0)
		r = build_one(b, o->tag, o->cpus[0], false, err);
	build_context_fini(&b->context);
	return r;
}

static unsigned int terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDERR_FILENO))
		return 0;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

static int cmd_build(int argc, char **argv, struct cvio_error *err)
{
	_fd_cleanup_ int sig_fd = -1;
	struct build_options options;
	struct build build = {.options = &options};
	int r = build_options_parse(argc, argv, &options, err);

	if (r == 0 && options.help) {
		fputs(build_usage, stdout);
		return 0;
	}
	if (r < 0)
		return r;
	sig_fd = signals_catch();
	build.sig_fd = sig_fd;
	build.progress.out = stderr;
	build.progress.width = terminal_width();
	return build_all(&build, err);
}

const struct command build_command = {"build", cmd_build,
	"build an image from a folder, and audit it", build_usage, build_longopts};
