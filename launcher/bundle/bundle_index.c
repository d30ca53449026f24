/* SPDX-License-Identifier: BSD-3-Clause */
/* Strict on purpose: unknown kinds of names, modes or digests are refused, not passed on. */
#include "bundle/bundle_index.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/bundle_tar.h"

#define HEX "0123456789abcdef"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"
#define IMAGE_CHARS NAME_CHARS "/:"
#define MEMBERS_MAX 65536

static const char *string_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool hex_ok(const char *text)
{
	return text != NULL && strlen(text) == SHA256_TEXT - 1 &&
	       strspn(text, HEX) == SHA256_TEXT - 1;
}

static bool digest_ok(const char *text)
{
	return text != NULL && strncmp(text, "sha256:", 7) == 0 && hex_ok(text + 7);
}

/* Components separated by single slashes, none hidden, none "." or "..". */
static bool path_ok(const char *name)
{
	const char *at = name;

	if (name == NULL || strlen(name) > TAR_NAME_MAX || strncmp(name, "bundle.json", 11) == 0)
		return false;
	for (;;) {
		size_t len = strspn(at, NAME_CHARS);

		if (len == 0 || *at == '.' || *at == '-' || (at[len] != '/' && at[len] != '\0'))
			return false;
		if (at[len] == '\0')
			return true;
		at += len + 1;
	}
}

/* What podman and skopeo get as arguments. */
static bool image_name_ok(const char *name)
{
	return name != NULL && *name != '\0' && strchr("-./:", *name) == NULL &&
	       strlen(name) < 256 && strspn(name, IMAGE_CHARS) == strlen(name);
}

static bool word_ok(const char *word)
{
	return word != NULL && *word != '-' && strlen(word) < 32 &&
	       strspn(word, NAME_CHARS) == strlen(word);
}

static bool member_read(const json_t *json, struct bundle_member *m)
{
	json_int_t size = json_integer_value(json_object_get(json, "size"));
	const char *mode = string_at(json, "mode");

	m->name = string_at(json, "name");
	m->sha256 = string_at(json, "sha256");
	if (!path_ok(m->name) || !hex_ok(m->sha256) || mode == NULL || size < 0 ||
		(uint64_t)size > TAR_SIZE_MAX || !json_is_integer(json_object_get(json, "size")))
		return false;
	m->size = (uint64_t)size;
	m->mode = strcmp(mode, "0755") == 0 ? 0755 : 0644;
	return m->mode == 0755 || strcmp(mode, "0644") == 0;
}

static int members_read(
	const json_t *array, struct bundle_member **members, size_t *count, const char **why)
{
	size_t n = json_array_size(array), i;
	const json_t *json;

	*why = "its list of members is missing or too long";
	if (!json_is_array(array) || n > MEMBERS_MAX)
		return -EINVAL;
	*members = calloc(n + 1, sizeof(**members));
	if (*members == NULL)
		return -ENOMEM;
	*count = n;
	json_array_foreach ((json_t *)array, i, json) {
		*why = "a member has no proper name, size, mode and sha256";
		if (!member_read(json, &(*members)[i]))
			return -EINVAL;
		*why = "its members aren't sorted, or one is there twice";
		if (i > 0 && strcmp((*members)[i - 1].name, (*members)[i].name) >= 0)
			return -EINVAL;
	}
	return 0;
}

static bool variant_ok(const json_t *variant)
{
	const json_t *names = json_object_get(variant, "names"), *name;
	size_t i;

	if (!digest_ok(string_at(variant, "digest")) || !hex_ok(string_at(variant, "id")) ||
		!word_ok(string_at(variant, "architecture")) ||
		!word_ok(string_at(variant, "os")) || !word_ok(string_at(variant, "variant")) ||
		!json_is_array(names))
		return false;
	json_array_foreach ((json_t *)names, i, name)
		if (!image_name_ok(json_string_value(name)))
			return false;
	return true;
}

static bool images_ok(const json_t *images)
{
	const json_t *image, *variant;
	size_t i, j;

	json_array_foreach ((json_t *)images, i, image) {
		const json_t *variants = json_object_get(image, "variants");
		bool list = json_is_true(json_object_get(image, "list"));

		if (!image_name_ok(string_at(image, "name")) ||
			!digest_ok(string_at(image, "digest")) || json_array_size(variants) == 0 ||
			(!list && json_array_size(variants) != 1))
			return false;
		json_array_foreach ((json_t *)variants, j, variant)
			if (!variant_ok(variant))
				return false;
	}
	return json_array_size(images) > 0;
}

static int read_all(struct bundle_index *x, const char **why)
{
	const json_t *json = x->json, *base = json_object_get(json, "base");
	int r;

	*why = "it isn't of format 1; take the cvio that made the bundle";
	if (json_integer_value(json_object_get(json, "format")) != BUNDLE_FORMAT)
		return -EINVAL;
	r = members_read(json_object_get(json, "members"), &x->members, &x->count, why);
	if (r == 0 && base != NULL)
		r = members_read(json_object_get(json, "taken"), &x->taken, &x->taken_count, why);
	if (r < 0)
		return r;
	*why = "the base's digest isn't one";
	x->base = json_string_value(base);
	if (base != NULL && !digest_ok(x->base))
		return -EINVAL;
	*why = "its list of images is missing or not in order";
	x->images = json_object_get(json, "images");
	return images_ok(x->images) ? 0 : -EINVAL;
}

int bundle_index_parse(const char *text, size_t len, struct bundle_index *index, const char **why)
{
	struct bundle_index x = {.json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL)};
	int r;

	*index = (struct bundle_index){0};
	*why = "it isn't JSON";
	r = x.json == NULL ? -EINVAL : read_all(&x, why);
	if (r < 0)
		bundle_index_fini(&x);
	else
		*index = x;
	return r;
}

void bundle_index_fini(struct bundle_index *index)
{
	free(index->members);
	free(index->taken);
	json_decref(index->json);
	*index = (struct bundle_index){0};
}

static int compare(const void *name, const void *member)
{
	return strcmp(name, ((const struct bundle_member *)member)->name);
}

const struct bundle_member *bundle_index_find(const struct bundle_index *index, const char *name)
{
	if (index->count == 0)
		return NULL;
	return bsearch(name, index->members, index->count, sizeof(index->members[0]), compare);
}

/* One line an element, keys in order. */
static void print_value(FILE *out, const json_t *value)
{
	const json_t *element;
	size_t i;

	if (!json_is_array(value)) {
		json_dumpf(value, out, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
		return;
	}
	fputs("[", out);
	json_array_foreach ((json_t *)value, i, element) {
		fputs(i > 0 ? ",\n" : "\n", out);
		json_dumpf(element, out, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	}
	fputs("\n]", out);
}

char *bundle_index_format(const json_t *json)
{
	static const char *const keys[] = {
		"format", "cvio", "kind", "base", "images", "members", "taken"};
	char *text = NULL, *before = "{\n";
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *value = json_object_get(json, keys[i]);

		if (value == NULL)
			continue;
		fprintf(out, "%s\"%s\":", before, keys[i]);
		print_value(out, value);
		before = ",\n";
	}
	fputs("\n}\n", out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
