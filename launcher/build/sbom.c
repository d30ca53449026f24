/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cvio-cc leaves in each binary what the linker took, by component and part; a component that
 * several binaries of an image hold, in the same version, is listed once.
 */
#include "build/sbom.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "build/audit_layout.h"
#include "build/elf_file.h"

#define FORMAT 1 /* of the section */

static int no_memory(struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
}

static const char *string_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* An identifier within a document, of what SPDX allows in one. */
static void make_ref(struct sbom_component *c, char *ref, size_t size)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";

	snprintf(ref, size, "%s%s%s", c->name, c->version != NULL ? "-" : "",
		c->version != NULL ? c->version : "");
	for (char *p = ref; *(p += strspn(p, allowed)) != '\0';)
		*p = '-';
}

/* Returns the component's index, or a negative errno. The application's own code isn't shared. */
static ssize_t component_add(struct sbom *sbom, const json_t *json)
{
	struct sbom_component c = {.name = string_at(json, "name"),
		.version = string_at(json, "version"),
		.licenses = string_at(json, "licenses"),
		.source = string_at(json, "source"),
		.sha256 = string_at(json, "sha256"),
		.parts = json_object_get(json, "parts")};
	struct sbom_component *list;
	size_t n = sbom->component_count;

	if (c.name == NULL || !json_is_object(c.parts))
		return -EINVAL;
	for (size_t i = 0; i < n && c.version != NULL; i++)
		if (strcmp(sbom->components[i].name, c.name) == 0 &&
			same_text(sbom->components[i].version, c.version))
			return (ssize_t)i;
	make_ref(&c, c.ref, sizeof(c.ref));
	if (c.version == NULL && sbom->file_count > 1)
		snprintf(c.ref + strlen(c.ref), sizeof(c.ref) - strlen(c.ref), "-%zu",
			sbom->file_count);
	list = realloc(sbom->components, (n + 1) * sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	sbom->components = list;
	list[n] = c;
	sbom->component_count++;
	return (ssize_t)n;
}

static int use_add(struct sbom *sbom, const json_t *json)
{
	ssize_t index = component_add(sbom, json);
	size_t *uses;

	if (index < 0)
		return (int)index;
	uses = realloc(sbom->uses, (sbom->use_count + 1) * sizeof(*uses));
	if (uses == NULL)
		return -ENOMEM;
	sbom->uses = uses;
	uses[sbom->use_count++] = (size_t)index;
	return 0;
}

static int section_read(struct sbom *sbom, const struct elf_file *elf)
{
	json_t *json = json_loadb(elf->sbom, strnlen(elf->sbom, elf->sbom_size), 0, NULL);
	const json_t *components = json_object_get(json, "components"), *one;
	size_t i;
	int r = 0;

	if (json_integer_value(json_object_get(json, "format")) != FORMAT ||
		!json_is_array(components)) {
		json_decref(json);
		return -EINVAL;
	}
	if (json_array_append_new(sbom->json, json) < 0)
		return -ENOMEM;
	json_array_foreach ((json_t *)components, i, one) {
		r = use_add(sbom, one);
		if (r < 0)
			break;
	}
	return r;
}

static bool is_utf8(const char *text)
{
	json_t *json = json_string(text);

	json_decref(json);
	return json != NULL;
}

static int file_add(struct sbom *sbom, const struct image_file *file)
{
	struct sbom_file *f = &sbom->files[sbom->file_count++];
	struct elf_file elf;
	int r = 0;

	if (!is_utf8(file->path))
		return -EILSEQ;
	*f = (struct sbom_file){.file = file, .first = sbom->use_count};
	sha1_text(file->data, file->size, f->sha1);
	sha256_text(file->data, file->size, f->sha256);
	if (elf_file_read(file->data, file->size, &elf) == 0 && elf.sbom != NULL)
		r = section_read(sbom, &elf);
	f->count = sbom->use_count - f->first;
	return r;
}

/* The last part of the program that the image runs. */
static const char *program_name(const struct layout *layout)
{
	const json_t *config = json_object_get(layout->config, "config");
	const char *path =
		json_string_value(json_array_get(json_object_get(config, "Entrypoint"), 0));
	const char *slash = path == NULL ? NULL : strrchr(path, '/');

	if (path == NULL || path[0] == '\0')
		return "image";
	return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

int sbom_collect(
	const struct layout *layout, const char *name, struct sbom *sbom, struct cvio_error *err)
{
	*sbom = (struct sbom){.layout = layout, .name = program_name(layout), .json = json_array()};
	sbom->files = calloc(layout->files.count + 1, sizeof(*sbom->files));
	if (sbom->files == NULL || sbom->json == NULL)
		return no_memory(err);
	for (size_t i = 0; i < layout->files.count; i++) {
		const struct image_file *file = &layout->files.list[i];
		int r = file->link != NULL ? 0 : file_add(sbom, file);

		if (r == -ENOMEM)
			return no_memory(err);
		if (r == -EILSEQ)
			return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, r,
				"%s: a file's name isn't UTF-8, which its bill of materials needs; "
				"rename it",
				name);
		if (r < 0)
			return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, r,
				"%s: /%s: its section " ELF_SBOM_SECTION
				" can't be read; link it with this SDK's cvio-cc",
				name, file->path);
	}
	return 0;
}

void sbom_fini(struct sbom *sbom)
{
	free(sbom->components);
	free(sbom->files);
	free(sbom->uses);
	json_decref(sbom->json);
	*sbom = (struct sbom){0};
}
