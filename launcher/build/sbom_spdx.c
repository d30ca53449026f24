/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SPDX 2.3. The image is a package that contains its files, the components are packages that are
 * linked statically into them. Times are the image's own, never now.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "build/audit_layout.h"
#include "build/sbom.h"

#define NOTHING "NOASSERTION" /* SPDX's word for what isn't known */

static const char *or_nothing(const char *text)
{
	return text != NULL ? text : NOTHING;
}

/* SPDX wants times in UTC and whole seconds. */
static void created(const struct sbom *sbom, char *text, size_t size)
{
	const char *time = json_string_value(json_object_get(sbom->layout->config, "created"));

	if (time == NULL || strlen(time) < 20)
		time = "1970-01-01T00:00:00Z";
	snprintf(text, size, "%.19sZ", time);
}

static json_t *checksum(const char *algorithm, const char *value)
{
	return json_pack("{s:s, s:s}", "algorithm", algorithm, "checksumValue", value);
}

static json_t *component_package(const struct sbom_component *c)
{
	json_t *package = json_pack("{s:s, s:s+, s:s, s:b, s:s, s:s, s:s}", "name", c->name,
		"SPDXID", "SPDXRef-Component-", c->ref, "downloadLocation", or_nothing(c->source),
		"filesAnalyzed", 0, "licenseConcluded", or_nothing(c->licenses), "licenseDeclared",
		or_nothing(c->licenses), "copyrightText", NOTHING);

	if (c->version != NULL)
		json_object_set_new(package, "versionInfo", json_string(c->version));
	if (c->sha256 != NULL)
		json_object_set_new(
			package, "checksums", json_pack("[o]", checksum("SHA256", c->sha256)));
	return package;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The SHA-1 of the files' SHA-1s, sorted, as SPDX defines it. */
static int verification_code(const struct sbom *sbom, char code[SHA1_TEXT])
{
	size_t n = sbom->file_count;
	const char **sums = calloc(n + 1, sizeof(*sums));
	char *all = malloc(n * (SHA1_TEXT - 1) + 1);

	if (sums != NULL && all != NULL) {
		for (size_t i = 0; i < n; i++)
			sums[i] = sbom->files[i].sha1;
		qsort(sums, n, sizeof(*sums), by_text);
		for (size_t i = 0; i < n; i++)
			memcpy(all + i * (SHA1_TEXT - 1), sums[i], SHA1_TEXT - 1);
		sha1_text(all, n * (SHA1_TEXT - 1), code);
	}
	free(all);
	free(sums);
	return sums != NULL && all != NULL ? 0 : -ENOMEM;
}

static json_t *image_package(const struct sbom *sbom)
{
	const char *licenses = layout_label(sbom->layout, "org.opencontainers.image.licenses");
	char code[SHA1_TEXT];

	if (verification_code(sbom, code) < 0)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:{s:s}, s:[o], s:s, s:s, s:s, s:s}", "name",
		sbom->name, "SPDXID", "SPDXRef-Image", "versionInfo", sbom->layout->id,
		"downloadLocation", NOTHING, "filesAnalyzed", 1, "packageVerificationCode",
		"packageVerificationCodeValue", code, "checksums",
		checksum("SHA256", sbom->layout->id + strlen("sha256:")), "licenseConcluded",
		NOTHING, "licenseDeclared", or_nothing(licenses), "copyrightText", NOTHING,
		"primaryPackagePurpose", "CONTAINER");
}

static json_t *file_object(const struct sbom_file *f, size_t number)
{
	char id[48];

	snprintf(id, sizeof(id), "SPDXRef-File-%zu", number);
	return json_pack("{s:s+, s:s, s:[o, o], s:s, s:[s], s:s}", "fileName", "./", f->file->path,
		"SPDXID", id, "checksums", checksum("SHA1", f->sha1), checksum("SHA256", f->sha256),
		"licenseConcluded", NOTHING, "licenseInfoInFiles", NOTHING, "copyrightText",
		NOTHING);
}

static void relate(json_t *list, const char *from, const char *how, const char *to)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "spdxElementId", from,
					    "relationshipType", how, "relatedSpdxElement", to));
}

static json_t *relationships(const struct sbom *sbom)
{
	json_t *list = json_array();
	char file[48], component[128];

	relate(list, "SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image");
	for (size_t i = 0; i < sbom->file_count; i++) {
		const struct sbom_file *f = &sbom->files[i];

		snprintf(file, sizeof(file), "SPDXRef-File-%zu", i + 1);
		relate(list, "SPDXRef-Image", "CONTAINS", file);
		for (size_t u = f->first; u < f->first + f->count; u++) {
			snprintf(component, sizeof(component), "SPDXRef-Component-%s",
				sbom->components[sbom->uses[u]].ref);
			relate(list, file, "STATIC_LINK", component);
		}
	}
	return list;
}

json_t *sbom_spdx(const struct sbom *sbom)
{
	json_t *packages = json_array(), *files = json_array();
	char time[24];

	created(sbom, time, sizeof(time));
	json_array_append_new(packages, image_package(sbom));
	for (size_t i = 0; i < sbom->component_count; i++)
		json_array_append_new(packages, component_package(&sbom->components[i]));
	for (size_t i = 0; i < sbom->file_count; i++)
		json_array_append_new(files, file_object(&sbom->files[i], i + 1));
	return json_pack("{s:s, s:s, s:s, s:s, s:s+, s:{s:s, s:[s]}, s:o, s:o, s:o}", "spdxVersion",
		"SPDX-2.3", "dataLicense", "CC0-1.0", "SPDXID", "SPDXRef-DOCUMENT", "name",
		sbom->name, "documentNamespace", "urn:cvio:spdx:", sbom->layout->id, "creationInfo",
		"created", time, "creators", "Tool: cvio-" CVIO_VERSION, "packages", packages,
		"files", files, "relationships", relationships(sbom));
}
