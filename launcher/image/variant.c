/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman looks for the machine's architecture without a variant on amd64, and so finds the one
 * entry that has none. The index tells an image's digest; which image of the storage that is, only
 * the list of all tells, since the images of an index needn't have names.
 */
#include "image/variant.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/child.h"
#include "base/exit.h"
#include "host/host.h"

static void json_release(json_t **json)
{
	json_decref(*json);
}

#define _json_cleanup_ __attribute__((cleanup(json_release)))

static const char *string_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* The level that an entry's platform means; "" for what this command can't run. Without a variant
 * it is the baseline, which is below every level. */
static void entry_level(const json_t *entry, char *level, size_t size)
{
	const json_t *platform = json_object_get(entry, "platform");
	const char *variant = string_at(platform, "variant");

	level[0] = '\0';
	if (strcmp(string_at(platform, "os"), "linux") != 0)
		return;
	if (strcmp(string_at(platform, "architecture"), "amd64") == 0)
		snprintf(level, size, "x86-64%s%.8s", variant[0] != '\0' ? "-" : "", variant);
	else if (strcmp(string_at(platform, "architecture"), "arm64") == 0)
		snprintf(level, size, "aarch64");
}

/* Within an architecture the names of the levels are in the levels' order. */
static bool level_fits(const char *level, const char *cpu)
{
	return strncmp(level, cpu, strlen("aarch64") - 1) == 0 && strcmp(level, cpu) <= 0;
}

/* The ID of the image in the storage that has a digest, or NULL. */
static const char *image_id(const json_t *images, const char *digest)
{
	const json_t *image, *name;
	size_t i, j;

	if (digest[0] == '\0')
		return NULL;
	json_array_foreach ((json_t *)images, i, image) {
		if (strcmp(string_at(image, "Digest"), digest) == 0)
			return string_at(image, "Id");
		json_array_foreach (json_object_get(image, "RepoDigests"), j, name) {
			const char *text = json_string_value(name);
			const char *at = text != NULL ? strchr(text, '@') : NULL;

			if (at != NULL && strcmp(at + 1, digest) == 0)
				return string_at(image, "Id");
		}
	}
	return NULL;
}

static void levels_add(struct variant *variant, const char *level)
{
	size_t used = strlen(variant->levels);

	/* the baseline's image is that of a level, once more */
	if (level[0] != '\0' && strcmp(level, "x86-64") != 0)
		snprintf(variant->levels + used, sizeof(variant->levels) - used, "%s%s",
			used > 0 ? " " : "", level);
}

int variant_choose(const char *name, const char *index, const char *images, const char *cpu,
	struct variant *variant, struct cvio_error *err)
{
	_json_cleanup_ json_t *index_json = json_loads(index, 0, NULL);
	_json_cleanup_ json_t *images_json = json_loads(images, 0, NULL);
	const json_t *entries = json_object_get(index_json, "manifests"), *entry;
	struct variant best = {.of_index = true};
	char absent[24] = "", level[24];
	size_t i;

	if (!json_is_array(entries) || !json_is_array(images_json))
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EINVAL,
			"podman: %s: its description of the index can't be read; try `podman "
			"manifest inspect`",
			name);
	json_array_foreach ((json_t *)entries, i, entry) {
		const char *id = image_id(images_json, string_at(entry, "digest"));

		entry_level(entry, level, sizeof(level));
		levels_add(&best, level);
		if (!level_fits(level, cpu) || strcmp(level, best.level) <= 0)
			continue;
		if (id == NULL) {
			snprintf(absent, sizeof(absent), "%s", level);
			continue;
		}
		snprintf(best.level, sizeof(best.level), "%s", level);
		snprintf(best.id, sizeof(best.id), "%s", id);
	}
	if (best.id[0] == '\0' && absent[0] != '\0')
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"image: %s: of this index, the image for %s is not in the storage; load "
			"or pull it",
			name, absent);
	if (best.id[0] == '\0')
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
			"image: %s: this index has images for %s, and this CPU is %s; take an "
			"image that is built for that",
			name, best.levels[0] != '\0' ? best.levels : "other systems", cpu);
	*variant = best;
	return 0;
}

/* Whether an image that podman has found by a name has it as a tag or as its ID. Where this can't
 * tell, podman is asked once more. */
static bool image_has_name(const struct image *image, const char *name)
{
	const json_t *one = json_array_get(image->json, 0), *tag;
	size_t len = strlen(name), i;

	if (len >= 12 && strncmp(string_at(one, "Id"), name, len) == 0)
		return true;
	json_array_foreach (json_object_get(one, "RepoTags"), i, tag) {
		const char *text = json_string_value(tag);

		if (text != NULL && strncmp(text, name, len) == 0 &&
			(text[len] == '\0' || strcmp(text + len, ":latest") == 0))
			return true;
	}
	return false;
}

static int index_load(const char *name, struct variant *variant, struct cvio_error *err)
{
	_capture_cleanup_ struct capture index = {0}, images = {0};
	int r = capture_runl(&index, err, "podman", "manifest", "inspect", "--", name, NULL);

	if (r == 0 && index.status == 0)
		r = capture_runl(&images, err, "podman", "images", "--all", "--digests",
			"--format=json", NULL);
	if (r < 0)
		return r;
	if (index.status != 0 || images.status != 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
			"podman: %s: %.300s; try `podman info`", name,
			capture_reason(index.status != 0 ? &index : &images));
	return variant_choose(name, index.out, images.out, host_level(), variant, err);
}

int variant_load(
	const char *name, struct image *image, struct variant *variant, struct cvio_error *err)
{
	_capture_cleanup_ struct capture exists = {0};
	int r = image_load(name, image, err), asked;

	*variant = (struct variant){0};
	if (r == 0 && image_has_name(image, name))
		return 0;
	if (r < 0 && err->exit_code == LAUNCHER_EXIT_NO_PODMAN)
		return r;
	/* podman may also have found nothing because no entry of an index is for it */
	asked = capture_runl(&exists, NULL, "podman", "manifest", "exists", "--", name, NULL);
	if (asked < 0 || exists.status != 0)
		return r;
	image_fini(image);
	r = index_load(name, variant, err);
	return r < 0 ? r : image_load(variant->id, image, err);
}
