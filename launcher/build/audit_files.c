/* SPDX-License-Identifier: BSD-3-Clause */
/* The whiteouts are those of OCI's image specification: ".wh.NAME" and ".wh..wh..opq". */
#include "build/audit_files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "build/audit_tar.h"

#define WHITEOUT ".wh."
#define WHITEOUT_LEN 4
#define OPAQUE ".wh..wh..opq"

static void file_fini(struct image_file *file)
{
	free(file->path);
	free(file->link);
}

void image_files_fini(struct image_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		file_fini(&files->list[i]);
	free(files->list);
	*files = (struct image_files){0};
}

/* Of the first count files, remove what is at a path or under it; in_folder: only what is under. */
static void remove_path(struct image_files *files, size_t *count, const char *path, bool in_folder)
{
	size_t length = strlen(path), kept = 0, below = *count;

	for (size_t i = 0; i < files->count; i++) {
		const char *p = files->list[i].path;
		bool at = strncmp(p, path, length) == 0 && p[length] == '\0';
		bool under = length == 0 || (strncmp(p, path, length) == 0 && p[length] == '/');

		if (i < below && (under || (at && !in_folder))) {
			file_fini(&files->list[i]);
			*count -= 1;
			continue;
		}
		files->list[kept++] = files->list[i];
	}
	files->count = kept;
}

static struct image_file *find(const struct image_files *files, const char *path)
{
	for (size_t i = files->count; i > 0; i--)
		if (strcmp(files->list[i - 1].path, path) == 0)
			return &files->list[i - 1];
	return NULL;
}

static int append(struct image_files *files, const struct tar_entry *entry)
{
	struct image_file file = {.mode = entry->mode, .data = entry->data, .size = entry->size};
	struct image_file *list, *same = NULL;

	if (entry->type == '1') {
		same = find(files, entry->link + (entry->link[0] == '/'));
		if (same == NULL)
			return -EINVAL;
		file = *same;
	}
	file.path = strdup(entry->path);
	file.link = entry->type == '2' ? strdup(entry->link) : NULL;
	list = realloc(files->list, (files->count + 1) * sizeof(*list));
	if (list != NULL)
		files->list = list;
	if (list == NULL || file.path == NULL || (entry->type == '2' && file.link == NULL)) {
		file_fini(&file);
		return -ENOMEM;
	}
	files->list[files->count++] = file;
	return 0;
}

/* The name's whiteout takes effect on what was before this layer: the first `before` files. */
static int apply(struct image_files *files, size_t *before, struct tar_entry *entry)
{
	char *slash = strrchr(entry->path, '/'), *name = slash == NULL ? entry->path : slash + 1;

	if (strcmp(name, OPAQUE) == 0) {
		name[name == entry->path ? 0 : -1] = '\0';
		remove_path(files, before, entry->path, true);
		return 0;
	}
	if (strncmp(name, WHITEOUT, WHITEOUT_LEN) == 0) {
		memmove(name, name + WHITEOUT_LEN, strlen(name + WHITEOUT_LEN) + 1);
		remove_path(files, before, entry->path, false);
		return 0;
	}
	if (strchr("012", entry->type) == NULL) {
		/* a folder over a folder keeps what is in it */
		if (entry->type == '5' && find(files, entry->path) != NULL)
			remove_path(files, before, entry->path, false);
		return 0;
	}
	remove_path(files, before, entry->path, false);
	return append(files, entry);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct image_file *)a)->path, ((const struct image_file *)b)->path);
}

int image_files_add(struct image_files *files, const uint8_t *layer, size_t size)
{
	struct tar tar = {.data = layer, .size = size};
	struct tar_entry entry;
	size_t before = files->count;
	int r;

	while ((r = tar_next(&tar, &entry)) > 0) {
		r = apply(files, &before, &entry);
		if (r < 0)
			return r;
	}
	if (files->count > 0)
		qsort(files->list, files->count, sizeof(*files->list), by_path);
	return r;
}

const struct image_file *image_files_find(const struct image_files *files, const char *path)
{
	return find(files, path + (path[0] == '/'));
}
