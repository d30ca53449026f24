/* SPDX-License-Identifier: BSD-3-Clause */
/* The bill of materials for people, as a table, and as files. */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "build/audit_layout.h"
#include "build/sbom.h"

#define ROWS 12 /* of the table; what is smaller is summed up */

struct row {
	const char *component, *part;
	uint64_t bytes;
};

static int by_bytes(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->part, y->part);
}

/* Every part of every binary; the caller frees the rows. */
static struct row *rows_make(const struct sbom *sbom, size_t *count)
{
	struct row *rows = NULL, *more;
	const json_t *section, *component;
	const char *part;
	json_t *bytes;
	size_t i, j, n = 0;

	json_array_foreach (sbom->json, i, section) {
		json_array_foreach (json_object_get(section, "components"), j, component) {
			json_object_foreach (json_object_get(component, "parts"), part, bytes) {
				more = realloc(rows, (n + 1) * sizeof(*rows));
				if (more == NULL)
					break;
				rows = more;
				rows[n++] = (struct row){
					json_string_value(json_object_get(component, "name")), part,
					(uint64_t)json_integer_value(bytes)};
			}
		}
	}
	*count = n;
	return rows;
}

static void print_row(FILE *out, const char *a, const char *b, uint64_t bytes, uint64_t all)
{
	char name[64];

	snprintf(name, sizeof(name), "%s %s", a, b);
	fprintf(out, "  %-40s %9.1f %6.1f %%\n", name, (double)bytes / 1024,
		all == 0 ? 0.0 : 100.0 * (double)bytes / (double)all);
}

void sbom_print_sizes(const struct sbom *sbom, FILE *out)
{
	size_t count = 0, shown;
	struct row *rows = rows_make(sbom, &count);
	uint64_t all = 0, rest = 0;
	char others[32];

	for (size_t i = 0; i < count; i++)
		all += rows[i].bytes;
	if (count > 0) {
		qsort(rows, count, sizeof(*rows), by_bytes);
		fprintf(out, "  %-40s %9s %8s\n", "part", "KiB", "share");
	}
	shown = count > ROWS ? ROWS - 1 : count;
	for (size_t i = 0; i < count; i++) {
		if (i < shown)
			print_row(out, rows[i].component, rows[i].part, rows[i].bytes, all);
		else
			rest += rows[i].bytes;
	}
	snprintf(others, sizeof(others), "%zu", count - shown);
	if (count > shown)
		print_row(out, others, "others", rest, all);
	free(rows);
	for (size_t i = 0; i < sbom->file_count; i++)
		fprintf(out, "  /%-39s %9.1f\n", sbom->files[i].file->path,
			(double)sbom->files[i].file->size / 1024);
	fprintf(out, "  %-40s %9.1f\n", "compressed, as a registry stores it",
		(double)sbom->layout->compressed / 1024);
}

/* mkdir -p */
static int make_folders(const char *path)
{
	char part[4096];

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return -ENAMETOOLONG;
	for (char *p = part + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0777) < 0 && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(part, 0777) < 0 && errno != EEXIST ? -errno : 0;
}

static int write_json(json_t *json, const char *path, struct cvio_error *err)
{
	char temporary[4096];
	FILE *file = NULL;
	int error = ENAMETOOLONG;

	if (snprintf(temporary, sizeof(temporary), "%s.%d", path, getpid()) <
		(int)sizeof(temporary)) {
		file = fopen(temporary, "we");
		error = errno;
	}
	if (file != NULL) {
		bool failed = json == NULL || json_dumpf(json, file, JSON_INDENT(2)) < 0 ||
			      fputc('\n', file) == EOF;

		error = json == NULL ? ENOMEM : errno;
		failed = fclose(file) != 0 || failed;
		if (!failed && rename(temporary, path) == 0)
			return 0;
		error = error == 0 ? errno : error;
		unlink(temporary);
	}
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -error,
		"sbom: %s: %s; name another folder with --sbom", path, strerror(error));
}

int sbom_write(
	const struct sbom *sbom, const char *folder, const char *stem, struct cvio_error *err)
{
	struct {
		const char *suffix;
		json_t *(*make)(const struct sbom *sbom);
	} documents[] = {{"spdx", sbom_spdx}, {"cdx", sbom_cyclonedx}};
	int r = make_folders(folder);

	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
			"sbom: %s: %s; name another folder with --sbom", folder, strerror(-r));
	for (size_t i = 0; i < 2 && r == 0; i++) {
		json_t *json = documents[i].make(sbom);
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s.%s.json", folder, stem, documents[i].suffix);
		r = write_json(json, path, err);
		json_decref(json);
		if (r == 0)
			printf("  SBOM: %s\n", path);
	}
	return r;
}
