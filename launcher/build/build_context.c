/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * buildah copies a file's mode as it is, so a user's umask and set-group-id folders would change
 * the image's digest. Where a mode isn't what umask 022 gives, the build reads a copy with such
 * modes; elsewhere, which is nearly always, the folder itself. Owners and times need nothing:
 * buildah sets them.
 */
#include "build/build_context.h"

#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/tree.h"
#include "build/build_options.h"
#include "pmd/grammar/words.h"

static int failed(const char *what, int error, struct cvio_error *err)
{
	return cvio_error_set(err,
		error == EACCES ? LAUNCHER_EXIT_NO_PERMISSION : CVIO_EXIT_SOFTWARE, -error,
		"build: %.300s: %s", what, strerror(error));
}

static int find_file(const struct build_options *o, char *file, struct cvio_error *err)
{
	const char *const names[] = {
		o->file != NULL ? o->file : "Containerfile", o->file != NULL ? NULL : "Dockerfile"};
	char path[PATH_MAX];

	if (o->file != NULL && realpath(o->file, file) != NULL)
		return 0;
	for (size_t i = 0; i < 2 && names[i] != NULL; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", o->folder, names[i]) <
				(int)sizeof(path) &&
			realpath(path, file) != NULL)
			return 0;
	}
	if (o->file != NULL)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"build: %.300s: %s; name the Containerfile after -f", o->file,
			strerror(errno));
	return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
		"build: %.300s: there is no Containerfile and no Dockerfile; write one "
		"(cvio-build(1) has a model of six lines), or name it with -f",
		o->folder);
}

/* 1: a mode that a umask of 022 wouldn't have given; or -1 with errno. */
static int check_mode(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	mode_t mode = st->st_mode & 07777;

	(void)path;
	(void)ftw;
	if (type == FTW_NS || type == FTW_DNR) {
		errno = EACCES;
		return -1;
	}
	if (S_ISDIR(st->st_mode))
		return mode != 0755;
	return S_ISREG(st->st_mode) && mode != 0644 && mode != 0755;
}

static int run_tool(const struct words *argv, int sig_fd, struct cvio_error *err)
{
	_capture_cleanup_ struct capture tool = {0};
	int r = capture_run(argv, sig_fd, &tool, err);

	if (r == 0 && tool.status != 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -EIO, "build: %.300s", capture_reason(&tool));
	return r;
}

static int copy_folder(struct build_context *c, int sig_fd, struct cvio_error *err)
{
	_words_cleanup_ struct words cp = {0}, chmod = {0};
	const char *tmp = getenv("TMPDIR");
	char copy[sizeof(c->copy)];
	int r;

	snprintf(copy, sizeof(copy), "%s/cvio-build-XXXXXX",
		tmp != NULL && tmp[0] == '/' && strlen(tmp) < 40 ? tmp : "/var/tmp");
	if (mkdtemp(copy) == NULL)
		return failed(copy, errno, err);
	snprintf(c->copy, sizeof(c->copy), "%s", copy);
	words_add(&cp, "cp");
	words_add(&cp, "--recursive");
	words_add(&cp, "--no-dereference");
	words_add(&cp, "--preserve=mode,links");
	words_add(&cp, "--reflink=auto");
	words_add(&cp, "--");
	words_addf(&cp, "%s/.", c->folder);
	words_addf(&cp, "%s/context", c->copy);
	words_add(&chmod, "chmod");
	words_add(&chmod, "--recursive");
	words_add(&chmod, "u=rwX,go=rX,ug-s,-t");
	words_addf(&chmod, "%s/context", c->copy);
	r = run_tool(&cp, sig_fd, err);
	if (r == 0)
		r = run_tool(&chmod, sig_fd, err);
	snprintf(c->folder, sizeof(c->folder), "%s/context", c->copy);
	return r;
}

int build_context_open(const struct build_options *options, int sig_fd,
	struct build_context *context, struct cvio_error *err)
{
	int r;

	*context = (struct build_context){0};
	if (realpath(options->folder, context->folder) == NULL)
		return failed(options->folder, errno, err);
	r = find_file(options, context->file, err);
	if (r < 0)
		return r;
	r = nftw(context->folder, check_mode, 16, FTW_PHYS);
	if (r < 0)
		return failed(context->folder, errno, err);
	return r > 0 ? copy_folder(context, sig_fd, err) : 0;
}

void build_context_fini(struct build_context *context)
{
	if (context->copy[0] != '\0')
		tree_remove(context->copy);
	context->copy[0] = '\0';
}
