/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same form as images/index.sh: podman asks for no variant on amd64 and finds the first entry,
 * which is the lowest level's once more; cvio run takes the best (variant.c). An index of podman's
 * holds each image once, so that entry is an image of its own, with a label more.
 */
#include "build/build_index.h"

#include <errno.h>
#include <string.h>

#include "base/child.h"
#include "base/exit.h"
#include "build/build_image.h"
#include "build/build_options.h"
#include "pmd/grammar/words.h"

const char *build_index_any(const struct build_options *o)
{
	return o->cpu_count > 1 && strncmp(o->cpus[0], "x86-64", 6) == 0 ? o->cpus[0] : NULL;
}

void build_index_discard(const char *name)
{
	_capture_cleanup_ struct capture rm = {0};

	capture_runl(&rm, NULL, "buildah", "manifest", "rm", name, NULL);
}

static int run(const struct words *argv, struct cvio_error *err)
{
	_capture_cleanup_ struct capture buildah = {0};
	int r = capture_run(argv, -1, &buildah, err);

	if (r == 0 && buildah.status != 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -EIO, "buildah: %.400s", capture_reason(&buildah));
	return r;
}

static int add(
	const struct build_options *o, const char *cpu, const char *variant, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	char image[BUILD_NAME_MAX];

	build_variant_tag(o->tag, variant == NULL ? BUILD_ANY : cpu, image, sizeof(image));
	words_add(&argv, "buildah");
	words_add(&argv, "manifest");
	words_add(&argv, "add");
	words_add(&argv, "--os");
	words_add(&argv, "linux");
	words_add(&argv, "--arch");
	words_add(&argv, strcmp(cpu, "aarch64") == 0 ? "arm64" : "amd64");
	if (variant != NULL) {
		words_add(&argv, "--variant");
		words_add(&argv, variant);
	}
	words_add(&argv, o->tag);
	words_addf(&argv, "containers-storage:%s", image);
	return run(&argv, err);
}

int build_index(const struct build_options *o, struct cvio_error *err)
{
	_words_cleanup_ struct words create = {0};
	const char *any = build_index_any(o);
	int r;

	build_index_discard(o->tag);
	build_image_discard(o->tag);
	words_add(&create, "buildah");
	words_add(&create, "manifest");
	words_add(&create, "create");
	words_add(&create, o->tag);
	r = run(&create, err);
	if (r == 0 && any != NULL)
		r = add(o, any, NULL, err);
	for (size_t i = 0; i < o->cpu_count && r == 0; i++) {
		const char *dash = strrchr(o->cpus[i], '-');

		r = add(o, o->cpus[i], dash != NULL ? dash + 1 : "v8", err);
	}
	if (r < 0)
		build_index_discard(o->tag);
	return r;
}
