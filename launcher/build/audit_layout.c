/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * skopeo gives the same layout as root and rootless, from a tag or from an index (this machine's
 * variant), without a container, a mount or a user namespace of ours; and what it compresses is
 * what a registry would store. Layers are decompressed into files without a name and mapped.
 */
#include "build/audit_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/tree.h"
#include "pmd/grammar/words.h"

static int unreadable(const char *name, const char *what, struct cvio_error *err)
{
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
		"image: %s: its %s can't be read; build or load it again", name, what);
}

static int failed(const char *what, int error, struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -error,
		"%s: %s; is there room in TMPDIR (or /var/tmp)?", what, strerror(error));
}

static int make_folder(struct layout *layout, struct cvio_error *err)
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(layout->folder, sizeof(layout->folder), "%s/cvio-image-XXXXXX",
		tmp != NULL && tmp[0] == '/' ? tmp : "/var/tmp");

	if (n < 0 || (size_t)n >= sizeof(layout->folder)) {
		layout->folder[0] = '\0';
		return failed("TMPDIR", ENAMETOOLONG, err);
	}
	if (mkdtemp(layout->folder) != NULL)
		return 0;
	n = errno;
	layout->folder[0] = '\0';
	return failed("a temporary folder", n, err);
}

static int copy_out(
	const char *name, int sig_fd, const struct layout *layout, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	_capture_cleanup_ struct capture skopeo = {0};
	int r;

	words_add(&argv, "skopeo");
	words_add(&argv, "copy");
	words_add(&argv, "--quiet");
	words_addf(&argv, "containers-storage:%s", name);
	words_addf(&argv, "oci:%s:image", layout->folder);
	r = capture_run(&argv, sig_fd, &skopeo, err);
	if (r < 0 || skopeo.status == 0)
		return r;
	if (strstr(skopeo.err, "does not resolve to an image") != NULL ||
		strstr(skopeo.err, "identifier is not an image") != NULL)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"image: %s: not in the storage of uid %u; `podman images` lists what is",
			name, geteuid());
	return cvio_error_set(
		err, CVIO_EXIT_SOFTWARE, -EIO, "skopeo: %s: %.300s", name, capture_reason(&skopeo));
}

/* The path of a blob; -EINVAL for a digest that isn't one. */
static int blob_path(const struct layout *layout, const json_t *descriptor, char *path, size_t size)
{
	const char *digest = json_string_value(json_object_get(descriptor, "digest"));

	if (digest == NULL || strncmp(digest, "sha256:", 7) != 0 ||
		strspn(digest + 7, "0123456789abcdef") != 64 || digest[71] != '\0')
		return -EINVAL;
	snprintf(path, size, "%s/blobs/sha256/%s", layout->folder, digest + 7);
	return 0;
}

static json_t *load_blob(const struct layout *layout, const json_t *descriptor)
{
	char path[256];

	if (blob_path(layout, descriptor, path, sizeof(path)) < 0)
		return NULL;
	return json_load_file(path, 0, NULL);
}

static int load_json(const char *name, struct layout *layout, struct cvio_error *err)
{
	char path[sizeof(layout->folder) + 16];
	json_t *index;
	const json_t *config;

	snprintf(path, sizeof(path), "%s/index.json", layout->folder);
	index = json_load_file(path, 0, NULL);
	layout->manifest =
		load_blob(layout, json_array_get(json_object_get(index, "manifests"), 0));
	json_decref(index);
	config = json_object_get(layout->manifest, "config");
	layout->config = load_blob(layout, config);
	if (!json_is_object(layout->config))
		return unreadable(name, "description", err);
	snprintf(layout->id, sizeof(layout->id), "%s",
		json_string_value(json_object_get(config, "digest")));
	return 0;
}

/* Decompress a blob into a file without a name. */
static int decompress(const struct layout *layout, const char *program, const char *blob, int *fd,
	struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	_fd_cleanup_ int out = open(layout->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	struct child_options options = {.out_fd = out, .err_fd = -1, .apart = true};
	struct child child;
	int r;

	if (out < 0)
		return failed("a temporary file", errno, err);
	words_add(&argv, program);
	words_add(&argv, "-dcf");
	words_add(&argv, "--");
	words_add(&argv, blob);
	if (argv.failed)
		return failed(program, ENOMEM, err);
	r = child_start(&argv, &options, &child, err);
	if (r < 0)
		return r;
	if (child_reap(&child) != 0)
		return -EINVAL;
	*fd = out;
	out = -1;
	return 0;
}

static int map_layer(struct layout *layout, int fd)
{
	struct layout_map *maps;
	struct stat st;
	void *data;

	if (fstat(fd, &st) < 0)
		return -errno;
	maps = realloc(layout->maps, (layout->map_count + 1) * sizeof(*maps));
	if (maps == NULL)
		return -ENOMEM;
	layout->maps = maps;
	if (st.st_size == 0)
		return 0;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	maps[layout->map_count++] = (struct layout_map){data, (size_t)st.st_size};
	layout->size += (uint64_t)st.st_size;
	return image_files_add(&layout->files, data, (size_t)st.st_size);
}

static int load_layer(struct layout *layout, const json_t *layer, struct cvio_error *err)
{
	_fd_cleanup_ int fd = -1;
	const char *type = json_string_value(json_object_get(layer, "mediaType"));
	char path[256];
	struct stat st;
	int r = 0;

	if (type == NULL || blob_path(layout, layer, path, sizeof(path)) < 0 || stat(path, &st) < 0)
		return -EINVAL;
	layout->compressed += (uint64_t)st.st_size;
	err->text[0] = '\0';
	if (strstr(type, "gzip") != NULL)
		r = decompress(layout, "gzip", path, &fd, err);
	else if (strstr(type, "zstd") != NULL)
		r = decompress(layout, "zstd", path, &fd, err);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC);
	return r < 0 || fd < 0 ? (r < 0 ? r : -EINVAL) : map_layer(layout, fd);
}

int layout_load(const char *name, int sig_fd, struct layout *layout, struct cvio_error *err)
{
	const json_t *layer;
	size_t i;
	int r;

	*layout = (struct layout){0};
	r = make_folder(layout, err);
	if (r == 0)
		r = copy_out(name, sig_fd, layout, err);
	if (r == 0)
		r = load_json(name, layout, err);
	if (r < 0)
		return r;
	json_array_foreach (json_object_get(layout->manifest, "layers"), i, layer) {
		r = load_layer(layout, layer, err);
		if (r < 0 && err->text[0] == '\0')
			return unreadable(name, "layer", err);
		if (r < 0)
			return r;
	}
	return 0;
}

const char *layout_label(const struct layout *layout, const char *label)
{
	const json_t *config = json_object_get(layout->config, "config");

	return json_string_value(json_object_get(json_object_get(config, "Labels"), label));
}

void layout_fini(struct layout *layout)
{
	image_files_fini(&layout->files);
	for (size_t i = 0; i < layout->map_count; i++)
		munmap(layout->maps[i].data, layout->maps[i].size);
	free(layout->maps);
	json_decref(layout->manifest);
	json_decref(layout->config);
	if (layout->folder[0] != '\0')
		tree_remove(layout->folder);
	*layout = (struct layout){0};
}
