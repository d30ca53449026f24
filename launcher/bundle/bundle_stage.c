/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What comes from the installation that runs: PREFIX/bin/cvio has PREFIX/share/man/man1 and
 * PREFIX/share/cvio beside it; in a build folder, launcher/cvio has ../docs and its own folder.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_create.h"
#include "bundle/bundle_work.h"

#ifdef __x86_64__
#define OWN_ARCHITECTURE "x86_64"
#else
#define OWN_ARCHITECTURE "aarch64"
#endif

static int copy_file(const char *from, const char *folder, const char *name)
{
	_text_cleanup_ char *to = path_make("%s/%s", folder, name);
	_fd_cleanup_ int in = open(from, O_RDONLY | O_CLOEXEC);
	_fd_cleanup_ int out = -1;
	ssize_t done;

	if (in < 0 || to == NULL)
		return in < 0 ? -errno : -ENOMEM;
	if (path_make_folders(to) < 0)
		return -EIO;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (out < 0)
		return -errno;
	while ((done = sendfile(out, in, NULL, 1 << 30)) != 0)
		if (done < 0)
			return -errno;
	return 0;
}

static int missing(const char *what, const char *where, struct cvio_error *err)
{
	return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
		"bundle: %s: not found at %.200s; `make install` puts it there", what, where);
}

/* From one of two folders. */
static int copy_either(const char *first, const char *second, const char *file, const char *folder,
	struct cvio_error *err)
{
	_text_cleanup_ char *a = path_make("%s/%s", first, file);
	_text_cleanup_ char *b = path_make("%s/%s", second, file);

	if (a == NULL || b == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
	if (copy_file(a, folder, file) == 0 || copy_file(b, folder, file) == 0)
		return 0;
	return missing(file, first, err);
}

static int is_page(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return strncmp(entry->d_name, "cvio", 4) == 0 && len > 2 &&
	       strcmp(entry->d_name + len - 2, ".1") == 0;
}

static int copy_pages(const char *from, const char *folder)
{
	int copied = 0;
	DIR *dir = opendir(from);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		_text_cleanup_ char *path = path_make("%s/%s", from, entry->d_name);
		_text_cleanup_ char *name = path_make("man/man1/%s", entry->d_name);

		if (is_page(entry) && path != NULL && name != NULL &&
			copy_file(path, folder, name) == 0)
			copied++;
	}
	if (dir != NULL)
		closedir(dir);
	return copied;
}

/* This launcher, and those for other architectures that are beside it. */
static int copy_launchers(const char *beside, const char *folder, struct cvio_error *err)
{
	static const char *const others[] = {"x86_64", "aarch64"};
	int r = copy_file("/proc/self/exe", folder, "bin/cvio-" OWN_ARCHITECTURE);

	for (size_t i = 0; r == 0 && i < sizeof(others) / sizeof(others[0]); i++) {
		_text_cleanup_ char *path = path_make("%s/cvio-%s", beside, others[i]);
		_text_cleanup_ char *name = path_make("bin/cvio-%s", others[i]);

		if (path == NULL || name == NULL)
			r = -ENOMEM;
		else if (strcmp(others[i], OWN_ARCHITECTURE) != 0 && access(path, X_OK) == 0)
			r = copy_file(path, folder, name);
	}
	if (r < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, r, "bundle: the launcher: %s", strerror(-r));
	return 0;
}

static int copy_tarballs(const char *from, const char *folder)
{
	int copied = 0;
	DIR *dir = opendir(from);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		_text_cleanup_ char *path = path_make("%s/%s", from, entry->d_name);
		_text_cleanup_ char *name = path_make("src/packagecache/%s", entry->d_name);

		if (strstr(entry->d_name, ".tar.") != NULL && path != NULL && name != NULL &&
			copy_file(path, folder, name) == 0)
			copied++;
	}
	if (dir != NULL)
		closedir(dir);
	return copied;
}

/* A checkout, or the src folder of a bundle that was unpacked. */
static int copy_sources(const struct bundle_work *work, const char *sources, const char *folder,
	struct cvio_error *err)
{
	_text_cleanup_ char *tree = path_make("%s/cvio.tar", sources);
	_text_cleanup_ char *to = path_make("%s/src/cvio.tar", folder);
	_text_cleanup_ char *output = path_make("--output=%s/src/cvio.tar", folder);
	_text_cleanup_ char *cache = path_make("%s/subprojects/packagecache", sources);
	_text_cleanup_ char *unpacked = path_make("%s/packagecache", sources);
	int r = 0;

	if (tree == NULL || to == NULL || output == NULL || cache == NULL || unpacked == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
	work_show(work, "packing the sources");
	path_make_folders(to);
	if (access(tree, R_OK) == 0)
		r = copy_file(tree, folder, "src/cvio.tar");
	else
		r = work_tooll(work, err, "git", "-C", sources, "archive", "--format=tar",
			"--prefix=cvio/", output, "HEAD", NULL);
	if (r < 0)
		return r;
	if (copy_tarballs(cache, folder) + copy_tarballs(unpacked, folder) == 0)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"bundle: --sources %s: no tarball in subprojects/packagecache; `make` "
			"there fetches them",
			sources);
	return 0;
}

int bundle_stage(const struct bundle_work *work, const char *folder, const char *sources,
	struct cvio_error *err)
{
	char beside[WORK_PATH_MAX] = "", share[WORK_PATH_MAX + 16], pages[WORK_PATH_MAX + 32];
	ssize_t len = readlink("/proc/self/exe", beside, sizeof(beside) - 1);
	int r;

	beside[len > 0 ? len : 0] = '\0';
	*strrchr(beside[0] == '/' ? beside : strcpy(beside, "/"), '/') = '\0';
	snprintf(share, sizeof(share), "%s/../share/cvio", beside);
	snprintf(pages, sizeof(pages), "%s/../share/man/man1", beside);
	r = copy_launchers(beside, folder, err);
	if (r == 0)
		r = copy_either(share, beside, "install.sh", folder, err);
	if (r == 0)
		r = copy_either(share, beside, "LICENSE", folder, err);
	if (r < 0)
		return r;
	if (copy_pages(pages, folder) == 0) {
		snprintf(share, sizeof(share), "%s/../docs", beside);
		if (copy_pages(share, folder) == 0)
			return missing("the man pages", pages, err);
	}
	return sources == NULL ? 0 : copy_sources(work, sources, folder, err);
}
