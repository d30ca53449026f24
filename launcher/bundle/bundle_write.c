/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Written to a file beside the output, which takes its name at the end: who waits for the bundle
 * never sees half of it. A file that changed since it was hashed is found, not written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sha2.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_tar.h"

#define PIECE (256 << 10)

/* The file that is written; failed keeps the first error. */
struct writer {
	FILE *file;
	const struct bundle_work *work;
	const char *folder;
};

int file_sha256(const char *path, char hex[SHA256_TEXT], uint64_t *size)
{
	static char piece[PIECE];
	_fd_cleanup_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	SHA2_CTX hash;
	ssize_t got;

	if (fd < 0)
		return -errno;
	SHA256Init(&hash);
	*size = 0;
	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0)
			return -errno;
		SHA256Update(&hash, (const uint8_t *)piece, (size_t)got);
		*size += (uint64_t)got;
	}
	sha256_end(&hash, hex);
	return 0;
}

/* The stream's own error is asked for once, at the end. */
static void put_header(struct writer *w, const char *name, uint64_t size, unsigned int mode)
{
	uint8_t block[TAR_BLOCK] = {0};

	tar_header_make(block, name, size, mode);
	fwrite(block, sizeof(block), 1, w->file);
}

static void put_zeros(struct writer *w, size_t size)
{
	static const uint8_t zeros[TAR_END];

	fwrite(zeros, 1, size, w->file);
}

static void put_text(struct writer *w, const char *name, const char *text)
{
	put_header(w, name, strlen(text), 0644);
	fwrite(text, 1, strlen(text), w->file);
	put_zeros(w, tar_padding(strlen(text)));
}

static int put_file(struct writer *w, const struct bundle_member *m, struct cvio_error *err)
{
	static char piece[PIECE];
	_text_cleanup_ char *path = path_make("%s/%s", w->folder, m->name);
	_fd_cleanup_ int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	char hex[SHA256_TEXT];
	SHA2_CTX hash;
	ssize_t got = 0;
	int r = 0;

	put_header(w, m->name, m->size, m->mode);
	SHA256Init(&hash);
	while (r == 0 && fd >= 0 && (got = read(fd, piece, sizeof(piece))) > 0) {
		r = work_stopped(w->work, err);
		SHA256Update(&hash, (const uint8_t *)piece, (size_t)got);
		fwrite(piece, 1, (size_t)got, w->file);
	}
	sha256_end(&hash, hex);
	put_zeros(w, tar_padding(m->size));
	if (r == 0 && strcmp(hex, m->sha256) != 0)
		r = cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
			"bundle: %s: can't be read, or changed while the bundle was made; try "
			"again",
			m->name);
	return r;
}

static int put_all(struct writer *w, const char *signature, const char *text,
	const struct bundle_index *index, struct cvio_error *err)
{
	int r = 0;

	if (signature != NULL)
		put_text(w, "bundle.json.sig", signature);
	put_text(w, "bundle.json", text);
	for (size_t i = 0; r == 0 && i < index->count; i++) {
		work_show(w->work, "writing %zu of %zu: %.60s", i + 1, index->count,
			index->members[i].name);
		r = put_file(w, &index->members[i], err);
	}
	put_zeros(w, TAR_END);
	return r;
}

static int write_failed(const char *path, int error, struct cvio_error *err)
{
	return cvio_error_set(err,
		error == EACCES || error == EPERM ? LAUNCHER_EXIT_NO_PERMISSION
						  : CVIO_EXIT_SOFTWARE,
		-error, "bundle: --output %s: %s; name a file in a folder with room", path,
		strerror(error));
}

int bundle_write(const char *path, const char *signature, const char *text,
	const struct bundle_index *index, const char *folder, const struct bundle_work *work,
	struct cvio_error *err)
{
	_text_cleanup_ char *partial = path_make("%s.partial-XXXXXX", path);
	struct writer w = {.work = work, .folder = folder};
	mode_t mask = umask(0);
	int fd = partial == NULL ? -1 : mkstemp(partial);
	int r;

	umask(mask);
	if (fd < 0)
		return write_failed(path, partial == NULL ? ENOMEM : errno, err);
	w.file = fdopen(fd, "w");
	if (w.file == NULL) {
		close(fd);
		unlink(partial);
		return write_failed(path, ENOMEM, err);
	}
	r = put_all(&w, signature, text, index, err);
	if (r == 0 && (fflush(w.file) != 0 || ferror(w.file) || fchmod(fd, 0666 & ~mask) < 0 ||
			      fsync(fd) < 0 || rename(partial, path) < 0))
		r = write_failed(path, errno, err);
	fclose(w.file);
	if (r < 0)
		unlink(partial);
	work_show_end(work);
	return r;
}
