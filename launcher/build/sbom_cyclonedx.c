/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CycloneDX 1.5. The image is the subject; its files and what is linked into them are components,
 * and the dependencies tell which are in which.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "build/audit_layout.h"
#include "build/sbom.h"

static json_t *sha256(const char *value)
{
	return json_pack("[{s:s, s:s}]", "alg", "SHA-256", "content", value);
}

/* The source's digest is the source's: a component as linked has none of its own. */
static json_t *component(const struct sbom_component *c)
{
	json_t *json = json_pack("{s:s, s:s, s:s}", "type",
		c->version != NULL ? "library" : "application", "bom-ref", c->ref, "name", c->name);
	json_t *source;

	if (c->version != NULL)
		json_object_set_new(json, "version", json_string(c->version));
	if (c->licenses != NULL)
		json_object_set_new(
			json, "licenses", json_pack("[{s:s}]", "expression", c->licenses));
	if (c->source != NULL) {
		source = json_pack("{s:s, s:s}", "type", "distribution", "url", c->source);
		if (c->sha256 != NULL)
			json_object_set_new(source, "hashes", sha256(c->sha256));
		json_object_set_new(json, "externalReferences", json_pack("[o]", source));
	}
	return json;
}

static json_t *file_component(const struct sbom_file *f)
{
	return json_pack("{s:s, s:s+, s:s+, s:o}", "type", "file", "bom-ref", "file:/",
		f->file->path, "name", "/", f->file->path, "hashes", sha256(f->sha256));
}

static json_t *file_dependencies(const struct sbom *sbom, const struct sbom_file *f)
{
	json_t *list = json_array();

	for (size_t u = f->first; u < f->first + f->count; u++)
		json_array_append_new(list, json_string(sbom->components[sbom->uses[u]].ref));
	return json_pack("{s:s+, s:o}", "ref", "file:/", f->file->path, "dependsOn", list);
}

/* A UUID in the form of version 5, from the image's digest in place of a name's. */
static void serial_number(const struct sbom *sbom, char *text, size_t size)
{
	const char *hex = sbom->layout->id + strlen("sha256:");

	snprintf(text, size, "urn:uuid:%.8s-%.4s-5%.3s-a%.3s-%.12s", hex, hex + 8, hex + 13,
		hex + 17, hex + 20);
}

json_t *sbom_cyclonedx(const struct sbom *sbom)
{
	const char *id = sbom->layout->id;
	json_t *components = json_array(), *dependencies = json_array(), *files = json_array();
	char serial[64];

	serial_number(sbom, serial, sizeof(serial));
	for (size_t i = 0; i < sbom->component_count; i++)
		json_array_append_new(components, component(&sbom->components[i]));
	for (size_t i = 0; i < sbom->file_count; i++) {
		const struct sbom_file *f = &sbom->files[i];

		json_array_append_new(components, file_component(f));
		json_array_append_new(files, json_sprintf("file:/%s", f->file->path));
		json_array_append_new(dependencies, file_dependencies(sbom, f));
	}
	json_array_insert_new(
		dependencies, 0, json_pack("{s:s, s:o}", "ref", id, "dependsOn", files));
	return json_pack(
		"{s:s, s:s, s:s, s:i, s:{s:{s:[{s:s, s:s, s:s}]}, s:{s:s, s:s, s:s, s:s, s:o}}, "
		"s:o, s:o}",
		"bomFormat", "CycloneDX", "specVersion", "1.5", "serialNumber", serial, "version",
		1, "metadata", "tools", "components", "type", "application", "name", "cvio",
		"version", CVIO_VERSION, "component", "type", "container", "bom-ref", id, "name",
		sbom->name, "version", id, "hashes", sha256(id + strlen("sha256:")), "components",
		components, "dependencies", dependencies);
}
