/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything is put into a folder first, under the names that it has in the bundle; what the folder
 * has then is hashed, listed, signed and written. So the list can't miss anything.
 */
#include "bundle/bundle_create.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_armor.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_sign.h"
#include "bundle/bundle_store.h"
#include "pmd/grammar/words.h"

static int no_memory(struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once. */
static void words_sort(struct words *w)
{
	size_t kept = 0;

	if (w->count > 0)
		qsort(w->list, w->count, sizeof(w->list[0]), compare_texts);
	for (size_t i = 0; i < w->count; i++) {
		if (kept > 0 && strcmp(w->list[kept - 1], w->list[i]) == 0)
			free(w->list[i]);
		else
			w->list[kept++] = w->list[i];
	}
	w->count = kept;
	if (w->list != NULL)
		w->list[kept] = NULL;
}

/* The images from which others are built: each CPU level that there is. */
static int add_sdk_images(const json_t *images, struct words *names, struct cvio_error *err)
{
	static const char *const repositories[] = {"localhost/cvio/sdk:", "localhost/cvio/base:"};
	const json_t *image, *name;
	size_t i, j;

	for (size_t n = 0; n < sizeof(repositories) / sizeof(repositories[0]); n++) {
		size_t before = names->count, len = strlen(repositories[n]);

		json_array_foreach ((json_t *)images, i, image)
			json_array_foreach (json_object_get(image, "Names"), j, name)
				if (strncmp(json_string_value(name), repositories[n], len) == 0)
					words_add(names, json_string_value(name));
		if (names->count == before)
			return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
				"bundle: --sdk: %.*s: no such image in the storage; `make images` "
				"in the sources makes it",
				(int)len - 1, repositories[n]);
	}
	return 0;
}

static int collect_names(const struct create_options *o, const json_t *images, struct words *names,
	struct cvio_error *err)
{
	int r = 0;

	for (size_t i = 0; i < o->images->count; i++) {
		_text_cleanup_ char *name = store_full_name(images, o->images->list[i], err);

		if (name == NULL)
			return -ENOENT;
		words_add(names, name);
	}
	if (o->sdk)
		r = add_sdk_images(images, names, err);
	if (r == 0 && names->failed)
		r = no_memory(err);
	words_sort(names);
	return r;
}

/* The only place that knows how an SBOM is made. */
static int sbom_one(const struct bundle_work *work, const char *name, const char *id,
	const char *format, const char *path, struct cvio_error *err)
{
	_fd_cleanup_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	const struct child_options options = {.out_fd = fd, .err_fd = -1, .apart = true};
	_words_cleanup_ struct words argv = {0};
	struct child child;
	int r = work_stopped(work, err);

	words_add(&argv, "/proc/self/exe");
	words_add(&argv, "sbom");
	words_add(&argv, "--format");
	words_add(&argv, format);
	words_add(&argv, id);
	if (r == 0 && (fd < 0 || argv.failed))
		r = no_memory(err);
	if (r == 0)
		r = child_start(&argv, &options, &child, err);
	if (r < 0)
		return r;
	r = work_wait(work, &child);
	if (work_stopped(work, err) < 0)
		return -EINTR;
	if (r == 0)
		return 0;
	return cvio_error_set(err, r == LAUNCHER_EXIT_UNFIT ? r : CVIO_EXIT_SOFTWARE, -EIO,
		"bundle: %s: `cvio sbom` can't list what is in it (status %d); see the line above",
		name, r);
}

/* Made once for each image, whatever names it has. */
static int sboms(const struct bundle_work *work, const char *name, const json_t *variant,
	const char *folder, struct cvio_error *err)
{
	static const char *const formats[][2] = {{"spdx", "spdx.json"}, {"cyclonedx", "cdx.json"}};
	const char *id = json_string_value(json_object_get(variant, "id"));
	_text_cleanup_ char *file = strdup(name);
	int r = 0;

	for (char *c = file; c != NULL && *c != '\0'; c++)
		if (*c == '/' || *c == ':')
			*c = '-';
	work_show(work, "SBOM of %s", name);
	for (int i = 0; r == 0 && i < 2; i++) {
		_text_cleanup_ char *made = path_make("%s/%s.%s", work->folder, id, formats[i][0]);
		_text_cleanup_ char *path =
			path_make("%s/sbom/%s.%s", folder, file == NULL ? "" : file, formats[i][1]);

		if (file == NULL || made == NULL || path == NULL || path_make_folders(path) < 0)
			return no_memory(err);
		if (access(made, F_OK) < 0)
			r = sbom_one(work, name, id, formats[i][0], made, err);
		if (r == 0 && link(made, path) < 0 && errno != EEXIST)
			r = cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno, "bundle: %s: %s", path,
				strerror(errno));
	}
	return r;
}

static int all_sboms(const struct bundle_work *work, const json_t *images, const char *folder,
	struct cvio_error *err)
{
	const json_t *image, *variant;
	size_t i, j;
	int r = 0;

	json_array_foreach ((json_t *)images, i, image)
		json_array_foreach (json_object_get(image, "variants"), j, variant) {
			_text_cleanup_ char *name = variant_name(image, variant);

			if (r == 0)
				r = name == NULL ? no_memory(err)
						 : sboms(work, name, variant, folder, err);
		}
	return r;
}

/* What nftw() found; it passes no argument on. */
static struct words found;
static size_t found_prefix;

static int found_add(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F)
		words_add(&found, path + found_prefix);
	return 0;
}

static int list_folder(const char *folder, struct words *names, struct cvio_error *err)
{
	found = (struct words){0};
	found_prefix = strlen(folder) + 1;
	if (nftw(folder, found_add, 16, FTW_PHYS) != 0 || found.failed) {
		words_fini(&found);
		return no_memory(err);
	}
	*names = found;
	words_sort(names);
	return 0;
}

/* Blobs and sources; the rest must be there before cvio is. */
static bool taken_from_base(
	const struct bundle *base, const char *name, const char *hex, uint64_t size)
{
	const struct bundle_member *m = bundle_index_find(&base->index, name);

	return (strncmp(name, "oci/blobs/", 10) == 0 || strncmp(name, "src/", 4) == 0) &&
	       m != NULL && m->size == size && strcmp(m->sha256, hex) == 0;
}

static int list_members(const struct bundle_work *work, const char *folder,
	const struct bundle *base, json_t *json, struct cvio_error *err)
{
	json_t *members = json_array(), *taken = json_array();
	_words_cleanup_ struct words names = {0};
	int r = list_folder(folder, &names, err);

	for (size_t i = 0; r == 0 && i < names.count; i++) {
		const char *name = names.list[i];
		bool program = strncmp(name, "bin/", 4) == 0 || strcmp(name, "install.sh") == 0;
		_text_cleanup_ char *path = path_make("%s/%s", folder, name);
		char hex[SHA256_TEXT];
		uint64_t size = 0;

		work_show(work, "hashing %zu of %zu: %.60s", i + 1, names.count, name);
		r = path == NULL ? -ENOMEM : file_sha256(path, hex, &size);
		if (r < 0)
			cvio_error_set(
				err, CVIO_EXIT_SOFTWARE, r, "bundle: %s: %s", name, strerror(-r));
		else
			json_array_append_new(
				taken_from_base(base, name, hex, size) ? taken : members,
				json_pack("{s:s, s:I, s:s, s:s}", "name", name, "size",
					(json_int_t)size, "mode", program ? "0755" : "0644",
					"sha256", hex));
		if (r == 0)
			r = work_stopped(work, err);
	}
	json_object_set_new(json, "members", members);
	if (base->fd < 0)
		json_decref(taken);
	else
		json_object_set_new(json, "taken", taken);
	return r;
}

/* bundle.json's text, and read back: what a reader would refuse is never written. */
static int make_index(const struct bundle_work *work, const char *folder, const struct bundle *base,
	json_t *images, char **text, struct bundle_index *index, struct cvio_error *err)
{
	_json_cleanup_ json_t *json = json_pack("{s:i, s:s, s:s, s:O}", "format", BUNDLE_FORMAT,
		"cvio", CVIO_VERSION, "kind", base->fd < 0 ? "full" : "delta", "images", images);
	const char *why;
	int r;

	if (base->fd >= 0)
		json_object_set_new(json, "base", json_string(base->digest));
	r = list_members(work, folder, base, json, err);
	if (r < 0)
		return r;
	*text = bundle_index_format(json);
	if (*text == NULL)
		return no_memory(err);
	if (bundle_index_parse(*text, strlen(*text), index, &why) < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: these images can't be bundled: %s (names have at most 100 "
			"characters, members 8 GiB)",
			why);
	return 0;
}

static int sign(const struct bundle_work *work, const char *key, const char *folder,
	const char *text, char **signature, struct cvio_error *err)
{
	_text_cleanup_ char *path = path_make("%s/bundle.json", folder);
	_text_cleanup_ char *sig_path = path_make("%s/bundle.json.sig", folder);
	FILE *file = path == NULL ? NULL : fopen(path, "we");
	const char *why = "it can't be read";
	size_t size = 0;
	int r;

	if (file == NULL || sig_path == NULL)
		return no_memory(err);
	fputs(text, file);
	if (fclose(file) != 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -errno, "bundle: %s: %s", path, strerror(errno));
	r = bundle_sign(work, key, path, err);
	if (r < 0)
		return r;
	*signature = path_read(sig_path, BUNDLE_SIGNATURE_MAX, &size);
	if (*signature == NULL || bundle_armor_check(*signature, size, &why) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EINVAL,
			"bundle: ssh-keygen's signature: %s; this cvio doesn't know its form", why);
	return 0;
}

/* The base must be whole: a delta against a damaged one would fit nowhere. */
static int open_base(const char *path, const struct bundle_work *work, struct bundle *base,
	struct cvio_error *err)
{
	const struct bundle_trust trust = {.any_signature = true};
	int r;

	if (path == NULL)
		return 0;
	r = bundle_open(path, &trust, base, err);
	if (r == 0 && base->index.base != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: --base %s: it is a delta itself; give a full bundle", path);
	return r < 0 ? r : bundle_read(base, work, NULL, NULL, err);
}

/* What is read once and kept until the bundle is written. */
static int fill_folder(const struct create_options *o, const struct bundle_work *work,
	const char *folder, json_t **images, struct cvio_error *err)
{
	_words_cleanup_ struct words names = {0};
	_json_cleanup_ json_t *storage = NULL;
	int r = store_list(work, &storage, err);

	if (r == 0)
		r = collect_names(o, storage, &names, err);
	if (r == 0)
		r = bundle_stage(work, folder, o->sources, err);
	if (r == 0)
		r = store_export(work, storage, &names, folder, images, err);
	if (r == 0)
		r = all_sboms(work, *images, folder, err);
	return r;
}

static void report(const struct create_options *o, const struct bundle_index *index,
	const char *text, const struct bundle *base)
{
	char hex[SHA256_TEXT];
	uint64_t size = 0;

	sha256_text(text, strlen(text), hex);
	for (size_t i = 0; i < index->count; i++)
		size += index->members[i].size;
	printf("Bundle   %s, %zu images, %zu files, %.1f MiB\n", o->output,
		json_array_size(index->images), index->count, (double)size / (1 << 20));
	printf("Digest   sha256:%s\n", hex);
	if (base->fd >= 0)
		printf("Base     %s, which has %zu more of the files\n", base->digest,
			index->taken_count);
	printf("Signed   %s\n", o->key == NULL ? "no: only --unsigned takes it" : o->key);
}

int bundle_create(const struct create_options *o, struct bundle_work *work, struct cvio_error *err)
{
	_bundle_cleanup_ struct bundle base = BUNDLE_INIT;
	_bundle_index_cleanup_ struct bundle_index index = {0};
	_text_cleanup_ char *folder = NULL, *text = NULL, *signature = NULL;
	_json_cleanup_ json_t *images = NULL;
	int r = open_base(o->base, work, &base, err);

	if (r == 0)
		r = work_make_folder(work, 0, err);
	if (r < 0)
		return r;
	folder = path_make("%s/members", work->folder);
	if (folder == NULL || mkdir(folder, 0755) < 0)
		return no_memory(err);
	r = fill_folder(o, work, folder, &images, err);
	if (r == 0)
		r = make_index(work, folder, &base, images, &text, &index, err);
	work_show_end(work);
	if (r == 0 && o->key != NULL)
		r = sign(work, o->key, work->folder, text, &signature, err);
	if (r == 0)
		r = bundle_write(o->output, signature, text, &index, folder, work, err);
	if (r == 0)
		report(o, &index, text, &base);
	return r;
}
