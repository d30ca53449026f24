/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman push writes an OCI layout; for an image index `podman manifest push --all`, since skopeo
 * finds the images of an index in the storage only under the index's own id, where they aren't.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_store.h"
#include "pmd/grammar/words.h"

#define JSON_MAX (16 << 20)
#define REF_NAME "org.opencontainers.image.ref.name"

static const char *string_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int store_list(const struct bundle_work *work, json_t **images, struct cvio_error *err)
{
	static const char *const words[] = {
		"podman", "images", "--all", "--no-trunc", "--format", "json"};
	_capture_cleanup_ struct capture list = {0};
	_words_cleanup_ struct words argv = {0};
	int r;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words_add(&argv, words[i]);
	r = work_tool(work, &argv, &list, err);
	if (r < 0)
		return r;
	*images = json_loads(list.out, 0, NULL);
	if (!json_is_array(*images))
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EINVAL,
			"bundle: `podman images --format json` prints something else than a list");
	return 0;
}

static bool has_name(const json_t *image, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(image, "Names"), i, one)
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	return false;
}

const char *store_id_of(const json_t *images, const char *name)
{
	const json_t *image;
	size_t i;

	json_array_foreach ((json_t *)images, i, image)
		if (has_name(image, name))
			return string_at(image, "Id");
	return NULL;
}

bool store_has_id(const json_t *images, const char *id)
{
	const json_t *image;
	size_t i;

	json_array_foreach ((json_t *)images, i, image)
		if (strcmp(string_at(image, "Id"), id) == 0)
			return true;
	return false;
}

char *store_full_name(const json_t *images, const char *name, struct cvio_error *err)
{
	const char *slash = strrchr(name, '/');
	const char *tag = strchr(slash == NULL ? name : slash, ':') == NULL ? ":latest" : "";
	_text_cleanup_ char *full = path_make("%s%s", name, tag);
	char *local;

	if (full != NULL && store_id_of(images, full) != NULL) {
		char *found = full;

		full = NULL;
		return found;
	}
	local = path_make("localhost/%s%s", name, tag);
	if (local != NULL && store_id_of(images, local) != NULL)
		return local;
	free(local);
	cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
		"bundle: %s: no such image in the storage; `podman images` lists what is", name);
	return NULL;
}

static json_t *blob_load(const char *folder, const char *digest)
{
	_text_cleanup_ char *path = path_make("%s/oci/blobs/sha256/%s", folder,
		digest != NULL && strncmp(digest, "sha256:", 7) == 0 ? digest + 7 : "");
	_text_cleanup_ char *text = path == NULL ? NULL : path_read(path, JSON_MAX, NULL);

	return text == NULL ? NULL : json_loads(text, 0, NULL);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of an image in one repository, sorted. */
static json_t *names_in(const json_t *images, const char *id, const char *like)
{
	const char *colon = strrchr(like, ':');
	size_t repository = colon == NULL ? strlen(like) : (size_t)(colon - like) + 1;
	_words_cleanup_ struct words names = {0};
	json_t *sorted = json_array();
	const json_t *image, *name;
	size_t i, j;

	json_array_foreach ((json_t *)images, i, image) {
		if (strcmp(string_at(image, "Id"), id) != 0)
			continue;
		json_array_foreach (json_object_get(image, "Names"), j, name)
			if (strncmp(json_string_value(name), like, repository) == 0 &&
				strchr(json_string_value(name), '@') == NULL)
				words_add(&names, json_string_value(name));
	}
	if (names.count > 0)
		qsort(names.list, names.count, sizeof(names.list[0]), compare_texts);
	for (i = 0; i < names.count; i++)
		if (i == 0 || strcmp(names.list[i - 1], names.list[i]) != 0)
			json_array_append_new(sorted, json_string(names.list[i]));
	return sorted;
}

/* The platform is the index's, or for an image alone what its configuration says. */
static json_t *describe_variant(const char *folder, const json_t *images, const char *name,
	const char *digest, const json_t *platform)
{
	_json_cleanup_ json_t *manifest = blob_load(folder, digest);
	const char *id = string_at(json_object_get(manifest, "config"), "digest");
	_json_cleanup_ json_t *config = blob_load(folder, id);
	const char *variant, *architecture, *os;

	if (config == NULL)
		return NULL;
	variant = string_at(platform != NULL ? platform : config, "variant");
	architecture = string_at(platform != NULL ? platform : config, "architecture");
	os = string_at(platform != NULL ? platform : config, "os");
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "digest", digest, "id", id + 7,
		"architecture", architecture == NULL ? "" : architecture, "os",
		os == NULL ? "" : os, "variant", variant == NULL ? "" : variant, "names",
		platform != NULL ? names_in(images, id + 7, name) : json_array());
}

static json_t *describe(
	const char *folder, const json_t *images, const char *name, const char *digest, bool list)
{
	_json_cleanup_ json_t *index = list ? blob_load(folder, digest) : NULL;
	json_t *variants = json_array();
	const json_t *entry;
	size_t i;

	if (!list)
		json_array_append_new(
			variants, describe_variant(folder, images, name, digest, NULL));
	json_array_foreach (json_object_get(index, "manifests"), i, entry)
		json_array_append_new(
			variants, describe_variant(folder, images, name, string_at(entry, "digest"),
					  json_object_get(entry, "platform")));
	return json_pack("{s:s, s:s, s:b, s:o}", "name", name, "digest", digest, "list", list,
		"variants", variants);
}

static int export_one(const struct bundle_work *work, const char *name, const char *folder,
	struct cvio_error *err)
{
	_words_cleanup_ struct words exists = {0}, push = {0};
	_capture_cleanup_ struct capture capture = {0};
	int r;

	work_show(work, "exporting %s", name);
	words_add(&exists, "podman");
	words_add(&exists, "manifest");
	words_add(&exists, "exists");
	words_add(&exists, name);
	r = capture_run(&exists, work->sig_fd, &capture, err);
	if (r < 0)
		return r;
	words_add(&push, "podman");
	if (capture.status == 0) {
		words_add(&push, "manifest");
		words_add(&push, "push");
		words_add(&push, "--all");
	} else {
		words_add(&push, "push");
		words_add(&push, "--format=oci");
	}
	words_add(&push, "--quiet");
	words_add(&push, name);
	words_addf(&push, "oci:%s/oci:%s", folder, name);
	return work_tool(work, &push, NULL, err);
}

/* The first of the names that is this one's image; pushing it again would compress it again. */
static const char *first_name(const json_t *images, const struct words *names, size_t at)
{
	const char *id = store_id_of(images, names->list[at]);
	size_t i = 0;

	while (i < at && strcmp(store_id_of(images, names->list[i]), id) != 0)
		i++;
	return names->list[i];
}

static json_t *entry_of(const json_t *index, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(index, "manifests"), i, entry) {
		const char *is = string_at(json_object_get(entry, "annotations"), REF_NAME);

		if (is != NULL && strcmp(is, name) == 0)
			return entry;
	}
	return NULL;
}

/* An entry for each name, in their order, in place of one for each push. */
static int index_rewrite(
	const char *folder, const json_t *images, const struct words *names, json_t **index)
{
	_text_cleanup_ char *path = path_make("%s/oci/index.json", folder);
	_text_cleanup_ char *text = path == NULL ? NULL : path_read(path, JSON_MAX, NULL);
	json_t *entries = json_array();

	*index = text == NULL ? NULL : json_loads(text, 0, NULL);
	for (size_t i = 0; i < names->count; i++) {
		json_t *entry = json_deep_copy(entry_of(*index, first_name(images, names, i)));

		json_object_set_new(json_object_get(entry, "annotations"), REF_NAME,
			json_string(names->list[i]));
		json_array_append_new(entries, entry);
	}
	if (json_array_size(entries) != names->count) {
		json_decref(entries);
		return -EINVAL;
	}
	json_object_set_new(*index, "manifests", entries);
	return json_dump_file(*index, path, JSON_COMPACT | JSON_SORT_KEYS) < 0 ? -EIO : 0;
}

static json_t *describe_all(const char *folder, const json_t *images, const json_t *index)
{
	json_t *all = json_array();
	const json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(index, "manifests"), i, entry) {
		const char *type = string_at(entry, "mediaType");

		json_array_append_new(
			all, describe(folder, images,
				     string_at(json_object_get(entry, "annotations"), REF_NAME),
				     string_at(entry, "digest"),
				     type != NULL && strstr(type, "index") != NULL));
	}
	return all;
}

int store_export(const struct bundle_work *work, const json_t *images, const struct words *names,
	const char *folder, json_t **out, struct cvio_error *err)
{
	_json_cleanup_ json_t *index = NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < names->count; i++)
		if (first_name(images, names, i) == names->list[i])
			r = export_one(work, names->list[i], folder, err);
	if (r < 0)
		return r;
	if (index_rewrite(folder, images, names, &index) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EINVAL,
			"bundle: podman push made no OCI layout that can be read");
	*out = describe_all(folder, images, index);
	return 0;
}

char *variant_name(const json_t *image, const json_t *variant)
{
	const char *name = string_at(image, "name");
	const char *other = json_string_value(json_array_get(json_object_get(variant, "names"), 0));
	const char *colon = strrchr(name, ':');

	if (!json_is_true(json_object_get(image, "list")))
		return strdup(name);
	if (other != NULL)
		return strdup(other);
	return path_make("%.*s:%s-%s%s", colon == NULL ? (int)strlen(name) : (int)(colon - name),
		name, colon == NULL ? "latest" : colon + 1, string_at(variant, "architecture"),
		string_at(variant, "variant"));
}
