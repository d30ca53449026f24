/* SPDX-License-Identifier: BSD-3-Clause */
/* A folder is made beside its place and renamed, so that it is there whole or not at all. */
#include "generate/generate_output.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/tree.h"
#include "state/hugetlbfs.h"

int generate_add(
	struct generate *g, const char *name, char *text, unsigned int mode, struct cvio_error *err)
{
	struct generate_file *files =
		text == NULL ? NULL : realloc(g->files, (g->file_count + 1) * sizeof(*files));
	char *copy = strdup(name);

	if (files != NULL)
		g->files = files;
	if (files == NULL || copy == NULL) {
		free(text);
		free(copy);
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	}
	files[g->file_count++] = (struct generate_file){.name = copy, .text = text, .mode = mode};
	return 0;
}

int generate_add_profiles(struct generate *g, struct cvio_error *err)
{
	char name[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->count; i++) {
		if (g->runs[i].image.seccomp == NULL)
			continue;
		snprintf(name, sizeof(name), "%s" GENERATE_PROFILE, g->runs[i].plan.name);
		r = generate_add(g, name, strdup(g->runs[i].image.seccomp), GENERATE_DATA, err);
	}
	return r;
}

int generate_no_mount(const struct generate *g, const char *form, struct cvio_error *err)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->runs[i].hugetlbfs != NULL)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"generate %s: %.80s: memory mount: needs a hugetlbfs that only "
				"cvio run mounts; take memfd",
				form, g->runs[i].plan.name);
	return 0;
}

static bool is_utf8(const char *text)
{
	json_t *string = json_string(text);

	json_decref(string);
	return string != NULL;
}

static int check_texts(const struct words *texts, const char *form, struct cvio_error *err)
{
	for (size_t i = 0; i < texts->count; i++)
		if (!is_utf8(texts->list[i]))
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EILSEQ,
				"generate %s: %.200s: isn't UTF-8, which this form needs; use "
				"other characters",
				form, texts->list[i]);
	return 0;
}

int generate_check_texts(const struct generate *g, const char *form, struct cvio_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->count; i++) {
		r = check_texts(&g->runs[i].options.ports, form, err);
		if (r == 0)
			r = check_texts(g->runs[i].plan.folders, form, err);
		if (r == 0)
			r = check_texts(g->runs[i].plan.app_args, form, err);
	}
	return r;
}

void generate_head(const struct generate *g, const char *form, FILE *out)
{
	fprintf(out, "# Made by: cvio generate %s\n# %s:", form, g->name);
	for (size_t i = 0; i < g->count; i++)
		fprintf(out, " %s", g->runs[i].options.image);
	fputc('\n', out);
}

void generate_hugepages_path(const struct run *run, char *path, size_t size)
{
	snprintf(path, size, "/run/cvio/%s-hugepages", run->plan.name);
}

static void make_hugetlbfs(const struct run *run, FILE *out)
{
	char path[PATH_MAX], options[128];

	generate_hugepages_path(run, path, sizeof(path));
	hugetlbfs_options(
		run->hugetlbfs, run->user.known ? &run->user : NULL, options, sizeof(options));
	fprintf(out, "mkdir -p %s\nmountpoint -q %s || mount -t hugetlbfs -o %s none %s\n", path,
		path, options, path);
}

void generate_link_folder(const struct generate *g, size_t index, const char *before, FILE *out)
{
	_words_cleanup_ struct words argv = {0};

	link_folder_command(g->links, index, "", &argv);
	for (size_t i = 0; i < argv.count; i++) {
		fputs(i == 0 ? before : " ", out);
		shell_quote(out, argv.list[i]);
	}
	fputc('\n', out);
}

void generate_folders(const struct generate *g, FILE *out)
{
	for (size_t i = 0; i < g->links->paths->count; i++)
		generate_link_folder(g, i, "", out);
	for (size_t i = 0; i < g->count; i++)
		if (g->runs[i].hugetlbfs != NULL)
			make_hugetlbfs(&g->runs[i], out);
}

static int write_file(const char *path, const struct generate_file *file)
{
	_fd_cleanup_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file->mode);
	size_t len = strlen(file->text), done = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	for (; done < len; done += (size_t)n) {
		n = write(fd, file->text + done, len - done);
		if (n < 0)
			return -errno;
	}
	return 0;
}

static int failed(const char *path, int r, struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
		"generate: %.200s: %s; name another place by -o", path, strerror(-r));
}

static int fill_folder(const struct generate *g, const struct generate_form *form,
	const char *folder, struct cvio_error *err)
{
	char path[PATH_MAX], *slash;
	int r;

	for (size_t i = 0; i < g->file_count; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", folder, g->files[i].name) >= PATH_MAX)
			return failed(folder, -ENAMETOOLONG, err);
		slash = strrchr(path, '/');
		*slash = '\0';
		r = mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
		*slash = '/';
		if (r == 0)
			r = write_file(path, &g->files[i]);
		if (r < 0)
			return failed(path, r, err);
	}
	return form->finish == NULL ? 0 : form->finish(g, folder, err);
}

static int write_folder(const struct generate *g, const struct generate_form *form,
	const char *output, struct cvio_error *err)
{
	char folder[PATH_MAX];
	int r = 0;

	if (access(output, F_OK) == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EEXIST,
			"generate: %.200s: is there already; remove it, or name another folder",
			output);
	if (snprintf(folder, sizeof(folder), "%s.XXXXXX", output) >= PATH_MAX)
		return failed(output, -ENAMETOOLONG, err);
	if (mkdtemp(folder) == NULL)
		return failed(output, -errno, err);
	r = fill_folder(g, form, folder, err);
	/* an image's own files are nothing for the host's users: one may be set-user-id */
	if (r == 0 && (chmod(folder, form->finish != NULL ? 0700 : 0755) < 0 ||
			      rename(folder, output) < 0))
		r = failed(output, -errno, err);
	if (r < 0)
		tree_remove(folder);
	return r;
}

int generate_write(
	const struct generate *g, const struct generate_form *form, struct cvio_error *err)
{
	const char *output = g->output;
	int r;

	if (g->file_count > 1 || form->finish != NULL) {
		if (output != NULL)
			return write_folder(g, form, output, err);
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"generate: %s: is several files; name a folder for them: -o FOLDER",
			form->name);
	}
	if (output == NULL) {
		fputs(g->files[0].text, stdout);
		return 0;
	}
	r = write_file(output, &g->files[0]);
	return r < 0 ? failed(output, r, err) : 0;
}

void generate_fini(struct generate *g)
{
	for (size_t i = 0; i < g->file_count; i++) {
		free(g->files[i].name);
		free(g->files[i].text);
	}
	free(g->files);
	g->files = NULL;
	g->file_count = 0;
}
