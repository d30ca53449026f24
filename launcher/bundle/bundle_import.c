/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All or nothing, in a storage that knows no transactions: each image comes in under a name of ours
 * first, is compared with what the bundle says, and only when all are there do they get their
 * names; then ours go. Until then an end of any kind removes what came in; names that other images
 * had before go back to them. An image that was there before is never removed.
 *
 * skopeo refuses to copy an image index into the storage ("does not support copying multiple images
 * as a group"), so its images are copied one by one and the index is put together again. Its
 * entries name images by id: by a name of ours, they would name nothing afterwards.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_store.h"
#include "pmd/grammar/words.h"

#define STAGED "localhost/cvio-bundle/%d:%zu"

/* Something that came in. */
struct staged {
	char name[64];      /* ours; "" before it is there */
	const char *digest; /* in the bundle; borrowed */
	bool list, was_there;
};

/* A name that was given. */
struct given {
	char *name;      /* owned */
	const char *old; /* the id that had it; NULL: none had */
	bool list;
};

struct import {
	const struct bundle_work *work;
	const char *folder;
	json_t *before; /* the storage as it was; owned */
	struct staged *staged;
	struct given *given;
	size_t staged_count, given_count;
};

static const char *string_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int no_memory(struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
}

static const struct staged *staged_find(const struct import *in, const char *digest)
{
	for (size_t i = 0; i < in->staged_count; i++)
		if (strcmp(in->staged[i].digest, digest) == 0)
			return &in->staged[i];
	return NULL;
}

static int tool_output(const struct bundle_work *work, const char *const *words,
	struct capture *capture, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};

	for (; *words != NULL; words++)
		words_add(&argv, *words);
	return work_tool(work, &argv, capture, err);
}

/* The layout's index names one manifest: skopeo 1.9 selects by nothing but a name. */
static int point_index_at(const struct import *in, const char *digest)
{
	_text_cleanup_ char *path = path_make("%s/oci/index.json", in->folder);
	_text_cleanup_ char *blob = path_make("%s/oci/blobs/sha256/%s", in->folder, digest + 7);
	_json_cleanup_ json_t *index = NULL;
	struct stat st;

	if (path == NULL || blob == NULL || stat(blob, &st) < 0)
		return -ENOENT;
	index = json_pack("{s:i, s:[{s:s, s:s, s:I}]}", "schemaVersion", 2, "manifests",
		"mediaType", "application/vnd.oci.image.manifest.v1+json", "digest", digest, "size",
		(json_int_t)st.st_size);
	return json_dump_file(index, path, JSON_COMPACT) < 0 ? -EIO : 0;
}

/* The id is the digest of the configuration, which has the digests of all layers. */
static int check_id(
	const struct import *in, const char *staged, const char *id, struct cvio_error *err)
{
	const char *const words[] = {
		"podman", "image", "inspect", "--format", "{{.Id}}", staged, NULL};
	_capture_cleanup_ struct capture capture = {0};
	int r = tool_output(in->work, words, &capture, err);

	if (r == 0 && strcmp(last_line(capture.out), id) != 0)
		r = cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
			"bundle: the storage has image %.70s in place of %s; try an empty storage",
			capture.out, id);
	return r;
}

static int stage_image(struct import *in, const json_t *variant, struct cvio_error *err)
{
	struct staged *s = &in->staged[in->staged_count];
	const char *id = string_at(variant, "id");
	_words_cleanup_ struct words argv = {0};
	int r;

	s->digest = string_at(variant, "digest");
	if (staged_find(in, s->digest) != NULL)
		return 0;
	s->was_there = store_has_id(in->before, id);
	snprintf(s->name, sizeof(s->name), STAGED, getpid(), in->staged_count);
	in->staged_count++;
	if (point_index_at(in, s->digest) < 0)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
			"bundle: %s: the bundle lists this image but doesn't hold it; make it "
			"again",
			s->digest);
	words_add(&argv, "skopeo");
	words_add(&argv, "copy");
	words_add(&argv, "--quiet");
	words_addf(&argv, "oci:%s/oci", in->folder);
	words_addf(&argv, "containers-storage:%s", s->name);
	r = work_tool(in->work, &argv, NULL, err);
	return r < 0 ? r : check_id(in, s->name, id, err);
}

/* What the storage calls an image, which may be there since before with another manifest. */
static int stored_digest(const struct import *in, const char *name, char *digest, size_t size,
	struct cvio_error *err)
{
	const char *const words[] = {
		"podman", "image", "inspect", "--format", "{{.Digest}}", name, NULL};
	_capture_cleanup_ struct capture capture = {0};
	int r = tool_output(in->work, words, &capture, err);

	if (r == 0)
		snprintf(digest, size, "%s", last_line(capture.out));
	return r;
}

static bool same(const json_t *entry, const char *key, const json_t *variant)
{
	const char *is = string_at(json_object_get(entry, "platform"), key);

	return strcmp(is == NULL ? "" : is, string_at(variant, key)) == 0;
}

/* The index that podman made has the bundle's images, in its order, for its platforms. */
static int check_list(
	const struct import *in, const char *staged, const json_t *image, struct cvio_error *err)
{
	const char *const words[] = {"podman", "manifest", "inspect", staged, NULL};
	_capture_cleanup_ struct capture capture = {0};
	_json_cleanup_ json_t *list = NULL;
	const json_t *variants = json_object_get(image, "variants"), *variant, *entries;
	size_t i;
	int r = tool_output(in->work, words, &capture, err);

	if (r < 0)
		return r;
	list = json_loads(capture.out, 0, NULL);
	entries = json_object_get(list, "manifests");
	r = json_array_size(entries) == json_array_size(variants) ? 0 : -EBADMSG;
	json_array_foreach ((json_t *)variants, i, variant) {
		const json_t *entry = json_array_get(entries, i);
		const struct staged *s = staged_find(in, string_at(variant, "digest"));
		char digest[128];

		if (r == 0)
			r = stored_digest(in, s->name, digest, sizeof(digest), err);
		if (r == 0 &&
			(strcmp(string_at(entry, "digest"), digest) != 0 ||
				(!s->was_there && strcmp(digest, s->digest) != 0) ||
				!same(entry, "architecture", variant) ||
				!same(entry, "os", variant) || !same(entry, "variant", variant)))
			r = -EBADMSG;
	}
	if (r == -EBADMSG)
		cvio_error_set(err, LAUNCHER_EXIT_UNFIT, r,
			"bundle: %s: podman made another index of it than the bundle has; load its "
			"images one by one",
			string_at(image, "name"));
	return r;
}

static int list_add(
	const struct import *in, const char *staged, const json_t *variant, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};

	words_add(&argv, "podman");
	words_add(&argv, "manifest");
	words_add(&argv, "add");
	words_addf(&argv, "--os=%s", string_at(variant, "os"));
	words_addf(&argv, "--arch=%s", string_at(variant, "architecture"));
	if (string_at(variant, "variant")[0] != '\0')
		words_addf(&argv, "--variant=%s", string_at(variant, "variant"));
	words_add(&argv, staged);
	words_addf(&argv, "containers-storage:@%s", string_at(variant, "id"));
	return work_tool(in->work, &argv, NULL, err);
}

static int stage_list(struct import *in, const json_t *image, struct cvio_error *err)
{
	struct staged *s = &in->staged[in->staged_count];
	const json_t *variant;
	size_t i;
	int r;

	s->digest = string_at(image, "digest");
	s->list = true;
	if (staged_find(in, s->digest) != NULL)
		return 0;
	snprintf(s->name, sizeof(s->name), STAGED, getpid(), in->staged_count);
	in->staged_count++;
	r = work_tooll(in->work, err, "podman", "manifest", "create", s->name, NULL);
	json_array_foreach (json_object_get(image, "variants"), i, variant)
		if (r == 0)
			r = list_add(in, s->name, variant, err);
	return r < 0 ? r : check_list(in, s->name, image, err);
}

static int give(struct import *in, const char *digest, const char *name, struct cvio_error *err)
{
	const struct staged *s = staged_find(in, digest);
	struct given *grown = realloc(in->given, (in->given_count + 1) * sizeof(*grown));
	struct given *g;

	if (grown == NULL)
		return no_memory(err);
	in->given = grown;
	g = &in->given[in->given_count];
	*g = (struct given){strdup(name), store_id_of(in->before, name), s->list};
	if (g->name == NULL)
		return no_memory(err);
	in->given_count++;
	return work_tooll(in->work, err, "podman", "tag", s->name, name, NULL);
}

static int give_names(struct import *in, const json_t *images, struct cvio_error *err)
{
	const json_t *image, *variant, *name;
	size_t i, j, k;
	int r = 0;

	json_array_foreach ((json_t *)images, i, image) {
		bool list = json_is_true(json_object_get(image, "list"));

		json_array_foreach (json_object_get(image, "variants"), j, variant) {
			const json_t *names = json_object_get(variant, "names");
			_text_cleanup_ char *made = variant_name(image, variant);

			json_array_foreach ((json_t *)names, k, name)
				if (r == 0)
					r = give(in, string_at(variant, "digest"),
						json_string_value(name), err);
			if (r == 0 && list && json_array_size(names) == 0)
				r = made == NULL
					    ? no_memory(err)
					    : give(in, string_at(variant, "digest"), made, err);
		}
		if (r == 0)
			r = give(in, string_at(image, "digest"), string_at(image, "name"), err);
	}
	return r;
}

/* Whatever happens here can't be mended further; a signal must not stop it. */
static void quietly(const char *a, const char *b, const char *c, const char *d)
{
	_capture_cleanup_ struct capture capture = {0};

	if (capture_runl(&capture, NULL, "podman", a, b, c, d, NULL) < 0)
		return;
}

static void take_back(struct import *in)
{
	for (size_t i = in->given_count; i-- > 0;) {
		const struct given *g = &in->given[i];

		if (g->old != NULL)
			quietly("tag", g->old, g->name, NULL);
		else if (g->list)
			quietly("manifest", "rm", g->name, NULL);
		else
			quietly("untag", g->name, g->name, NULL);
	}
}

/* Our own names go; if nothing else names it and it came in, the image goes as well. */
static void unstage(struct import *in, bool remove)
{
	for (size_t i = in->staged_count; i-- > 0;) {
		const struct staged *s = &in->staged[i];

		if (s->list)
			quietly("manifest", "rm", s->name, NULL);
		else if (remove && !s->was_there)
			quietly("rmi", s->name, NULL, NULL);
		else
			quietly("untag", s->name, s->name, NULL);
	}
}

static void import_fini(struct import *in)
{
	for (size_t i = 0; i < in->given_count; i++)
		free(in->given[i].name);
	free(in->given);
	free(in->staged);
	json_decref(in->before);
}

static int import_open(struct import *in, const json_t *images, struct cvio_error *err)
{
	size_t most = json_array_size(images), i;
	const json_t *image;

	json_array_foreach ((json_t *)images, i, image)
		most += json_array_size(json_object_get(image, "variants"));
	in->staged = calloc(most, sizeof(*in->staged));
	if (in->staged == NULL)
		return no_memory(err);
	return store_list(in->work, &in->before, err);
}

static int stage_all(struct import *in, const json_t *images, struct cvio_error *err)
{
	const json_t *image, *variant;
	size_t i, j;
	int r = 0;

	json_array_foreach ((json_t *)images, i, image) {
		work_show(in->work, "storing %s", string_at(image, "name"));
		json_array_foreach (json_object_get(image, "variants"), j, variant)
			if (r == 0)
				r = stage_image(in, variant, err);
		if (r == 0 && json_is_true(json_object_get(image, "list")))
			r = stage_list(in, image, err);
	}
	return r;
}

int store_import(const struct bundle_work *work, const json_t *images, const char *folder,
	struct cvio_error *err)
{
	struct import in = {.work = work, .folder = folder};
	int r = import_open(&in, images, err);

	if (r == 0)
		r = stage_all(&in, images, err);
	if (r == 0)
		r = give_names(&in, images, err);
	work_show_end(work);
	if (r < 0)
		take_back(&in);
	unstage(&in, r < 0);
	import_fini(&in);
	return r;
}
