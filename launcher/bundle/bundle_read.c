/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order is the one of trust: the signature's form, then ssh-keygen's word on bundle.json, then
 * bundle.json's word on every other byte. A header is never interpreted: the one that bundle.json
 * asks for is made and compared, so links, devices, other paths and sizes can't even be expressed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sha2.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_armor.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_sign.h"
#include "bundle/bundle_tar.h"

#define SIGNATURE_NAME "bundle.json.sig"
#define INDEX_NAME "bundle.json"
#define INDEX_MAX (16 << 20)
#define PIECE (256 << 10)

static int refuse(const struct bundle *b, struct cvio_error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(const struct bundle *b, struct cvio_error *err, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
		"bundle: %.150s: %s; it isn't as it was made: get it again", b->path, what);
}

static int read_exactly(const struct bundle *b, void *data, size_t size, struct cvio_error *err)
{
	char *to = data;

	while (size > 0) {
		ssize_t got = read(b->fd, to, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
				"bundle: %s: %s; check the disk", b->path, strerror(errno));
		if (got == 0)
			return refuse(b, err, "it ends too early");
		to += got;
		size -= (size_t)got;
	}
	return 0;
}

static int read_header(
	const struct bundle *b, const struct bundle_member *m, struct cvio_error *err)
{
	uint8_t block[TAR_BLOCK], expected[TAR_BLOCK];
	int r = read_exactly(b, block, sizeof(block), err);

	if (r < 0)
		return r;
	if (tar_header_make(expected, m->name, m->size, m->mode) < 0 ||
		memcmp(block, expected, sizeof(block)) != 0)
		return refuse(
			b, err, "in place of %.100s's header there is something else", m->name);
	return 0;
}

static int read_zeros(
	const struct bundle *b, size_t size, const char *place, struct cvio_error *err)
{
	uint8_t zeros[TAR_END];
	int r = read_exactly(b, zeros, size, err);

	for (size_t i = 0; r == 0 && i < size; i++)
		if (zeros[i] != 0)
			r = refuse(b, err,
				"behind %.100s there is something that doesn't belong there",
				place);
	return r;
}

/* A member whose size only its header tells, and whose name is known. */
static int read_text(struct bundle *b, const uint8_t block[TAR_BLOCK], const char *name, size_t max,
	char **text, size_t *size, struct cvio_error *err)
{
	uint8_t expected[TAR_BLOCK];
	uint64_t wanted;
	int r;

	if (tar_header_size(block, &wanted) < 0 || wanted > max ||
		tar_header_make(expected, name, wanted, 0644) < 0 ||
		memcmp(block, expected, sizeof(expected)) != 0)
		return refuse(b, err, "it doesn't begin as a bundle does");
	if (wanted > b->size)
		return refuse(b, err, "it ends too early");
	*text = malloc(wanted + 1);
	if (*text == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
	(*text)[wanted] = '\0';
	*size = wanted;
	r = read_exactly(b, *text, wanted, err);
	return r < 0 ? r : read_zeros(b, tar_padding(wanted), name, err);
}

static int check_signature(struct bundle *b, const struct bundle_trust *trust, const char *text,
	size_t text_size, const char *signature, size_t signature_size, struct cvio_error *err)
{
	const char *why;

	if (!b->is_signed) {
		if (trust->unsigned_ok || trust->any_signature)
			return 0;
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
			"bundle: %s: it has no signature, so anybody can have made or changed it; "
			"ask for a signed one (`cvio bundle create --sign`)",
			b->path);
	}
	if (bundle_armor_check(signature, signature_size, &why) < 0)
		return refuse(b, err, "its signature: %s", why);
	if (trust->any_signature)
		return 0;
	if (trust->key == NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: %s: it has a signature; give the signer's public key by --key",
			b->path);
	return bundle_signature_check(
		b->path, trust->key, text, text_size, signature, signature_size, err);
}

static int check_size(const struct bundle *b, uint64_t before, struct cvio_error *err)
{
	uint64_t size = before + TAR_END;

	for (size_t i = 0; i < b->index.count; i++) {
		const struct bundle_member *m = &b->index.members[i];

		size += TAR_BLOCK + m->size + tar_padding(m->size);
	}
	if (b->size != size)
		return refuse(b, err, "it has %llu bytes, not %llu", (unsigned long long)b->size,
			(unsigned long long)size);
	return 0;
}

static int open_file(const char *path, struct bundle *b, struct cvio_error *err)
{
	struct stat st;

	b->path = path;
	b->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (b->fd < 0 || fstat(b->fd, &st) < 0)
		return cvio_error_set(err,
			errno == EACCES ? LAUNCHER_EXIT_NO_PERMISSION : LAUNCHER_EXIT_NO_IMAGE,
			-errno, "bundle: %s: %s; give the bundle's file", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -EINVAL,
			"bundle: %s: it isn't a regular file; copy the bundle into one", path);
	b->size = (uint64_t)st.st_size;
	return 0;
}

int bundle_open(const char *path, const struct bundle_trust *trust, struct bundle *b,
	struct cvio_error *err)
{
	_text_cleanup_ char *text = NULL, *signature = NULL;
	size_t text_size = 0, signature_size = 0;
	uint8_t block[TAR_BLOCK] = {0};
	const char *why;
	int r = open_file(path, b, err);

	if (r == 0)
		r = read_exactly(b, block, sizeof(block), err);
	b->is_signed = r == 0 && memcmp(block, SIGNATURE_NAME, sizeof(SIGNATURE_NAME)) == 0;
	if (b->is_signed) {
		r = read_text(b, block, SIGNATURE_NAME, BUNDLE_SIGNATURE_MAX, &signature,
			&signature_size, err);
		if (r == 0)
			r = read_exactly(b, block, sizeof(block), err);
	}
	if (r == 0)
		r = read_text(b, block, INDEX_NAME, INDEX_MAX, &text, &text_size, err);
	if (r == 0)
		r = check_signature(b, trust, text, text_size, signature, signature_size, err);
	if (r < 0)
		return r;
	r = bundle_index_parse(text, text_size, &b->index, &why);
	if (r < 0)
		return refuse(b, err, "its bundle.json: %s", why);
	memcpy(b->digest, "sha256:", 7);
	sha256_text(text, text_size, b->digest + 7);
	return check_size(b, (uint64_t)lseek(b->fd, 0, SEEK_CUR), err);
}

static int open_output(const char *folder, const char *name, int *fd, struct cvio_error *err)
{
	_text_cleanup_ char *path = path_make("%s/%s", folder, name);
	int r = path == NULL ? -ENOMEM : path_make_folders(path);

	if (r == 0) {
		*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
		r = *fd < 0 ? -errno : 0;
	}
	if (r < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, r, "bundle: %s: %s", name, strerror(-r));
	return 0;
}

static int write_out(int fd, const char *data, size_t size, struct cvio_error *err)
{
	while (fd >= 0 && size > 0) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno != EINTR)
			return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
				"bundle: the temporary folder: %s; name another one by TMPDIR",
				strerror(errno));
		data += done > 0 ? done : 0;
		size -= done > 0 ? (size_t)done : 0;
	}
	return 0;
}

static int read_member(const struct bundle *b, const struct bundle_member *m,
	const struct bundle_work *work, int out_fd, struct cvio_error *err)
{
	static char piece[PIECE];
	char hex[SHA256_TEXT];
	SHA2_CTX hash;
	int r = read_header(b, m, err);

	SHA256Init(&hash);
	for (uint64_t left = m->size; r == 0 && left > 0;) {
		size_t size = left < sizeof(piece) ? (size_t)left : sizeof(piece);

		r = work_stopped(work, err);
		if (r == 0)
			r = read_exactly(b, piece, size, err);
		if (r == 0)
			r = write_out(out_fd, piece, size, err);
		SHA256Update(&hash, (const uint8_t *)piece, size);
		left -= size;
	}
	if (r < 0)
		return r;
	sha256_end(&hash, hex);
	if (strcmp(hex, m->sha256) != 0)
		return refuse(b, err, "%.100s isn't what bundle.json says", m->name);
	return read_zeros(b, tar_padding(m->size), m->name, err);
}

static bool wanted(const struct bundle_member *m, const struct bundle_index *only)
{
	if (strncmp(m->name, "oci/", 4) != 0)
		return false;
	if (only == NULL)
		return true;
	for (size_t i = 0; i < only->taken_count; i++)
		if (strcmp(only->taken[i].name, m->name) == 0)
			return true;
	return false;
}

int bundle_read(struct bundle *b, const struct bundle_work *work, const char *folder,
	const struct bundle_index *only, struct cvio_error *err)
{
	uint64_t done = 0;
	char more;
	int r = 0;

	for (size_t i = 0; r == 0 && i < b->index.count; i++) {
		const struct bundle_member *m = &b->index.members[i];
		_fd_cleanup_ int out_fd = -1;

		work_show(work, "checking %s: %d %%, %.40s", b->path, (int)(100 * done / b->size),
			m->name);
		if (folder != NULL && wanted(m, only))
			r = open_output(folder, m->name, &out_fd, err);
		if (r == 0)
			r = read_member(b, m, work, out_fd, err);
		done += m->size;
	}
	if (r == 0)
		r = read_zeros(b, TAR_END, "the last member", err);
	if (r == 0 && read(b->fd, &more, 1) != 0)
		r = refuse(b, err, "it goes on behind its end");
	work_show_end(work);
	return r;
}

void bundle_fini(struct bundle *bundle)
{
	bundle_index_fini(&bundle->index);
	fd_close(&bundle->fd);
}
