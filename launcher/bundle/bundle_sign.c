/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Nothing is written to check a signature: ssh-keygen reads memfds, which it inherits, by their
 * names in its own /proc/self/fd.
 */
#include "bundle/bundle_sign.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "bundle/bundle_armor.h"
#include "bundle/bundle_work.h"
#include "pmd/grammar/words.h"

#define PRINCIPAL "cvio-bundle"
#define KEY_FILE_MAX (1 << 20)
#define FD_PATH "/proc/self/fd/%d"

static int tool_error(int r, struct cvio_error *err)
{
	if (r == -ENOENT)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_PODMAN, r,
			"bundle: ssh-keygen: not found in PATH; install it (Debian: apt install "
			"openssh-client)");
	return r;
}

int bundle_sign(const struct bundle_work *work, const char *key, const char *text_path,
	struct cvio_error *err)
{
	/* not apart: it talks to the terminal */
	const struct child_options options = {.out_fd = -1, .err_fd = -1};
	_words_cleanup_ struct words argv = {0};
	const char *const words[] = {
		"ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", BUNDLE_NAMESPACE, text_path};
	struct child child;
	int r;

	if (access(key, R_OK) < 0)
		return cvio_error_set(err,
			errno == EACCES ? LAUNCHER_EXIT_NO_PERMISSION : LAUNCHER_EXIT_NO_IMAGE,
			-errno, "bundle: --sign %s: %s; `ssh-keygen -t ed25519` makes a key", key,
			strerror(errno));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words_add(&argv, words[i]);
	if (argv.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
	r = child_start(&argv, &options, &child, err);
	if (r < 0)
		return tool_error(r, err);
	r = work_wait(work, &child);
	if (work_stopped(work, err) < 0)
		return -EINTR;
	if (r != 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: --sign %s: ssh-keygen can't sign with it (status %d); give a "
			"private key, or a public one that the agent has",
			key, r);
	return 0;
}

/* Inherited by children on purpose. */
static int memfd_of(const char *data, size_t size)
{
	int fd = memfd_create("cvio", 0);

	if (fd >= 0 && (write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0))
		fd_close(&fd);
	return fd;
}

static bool is_public_key(const char *line)
{
	static const char *const kinds[] = {"ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(line, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

/* The allowed signers in a memfd; one public key becomes one line of them. */
static int allowed_open(const char *key, bool *plain, int *fd, struct cvio_error *err)
{
	size_t size;
	_text_cleanup_ char *text = path_read(key, KEY_FILE_MAX, &size);
	_text_cleanup_ char *one = NULL;
	const char *line;

	if (text == NULL)
		return cvio_error_set(err,
			errno == EACCES ? LAUNCHER_EXIT_NO_PERMISSION : LAUNCHER_EXIT_NO_IMAGE,
			-errno, "bundle: --key %s: %s; give the signer's public key", key,
			strerror(errno));
	if (strstr(text, "PRIVATE KEY-----") != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"bundle: --key %s: it is a private key, which stays with the signer; give "
			"the public one, %s.pub",
			key, key);
	line = text + strspn(text, " \t\r\n");
	while (*line == '#') {
		line += strcspn(line, "\n");
		line += strspn(line, " \t\r\n");
	}
	*plain = is_public_key(line);
	if (*plain)
		one = path_make(PRINCIPAL " namespaces=\"" BUNDLE_NAMESPACE "\" %.*s\n",
			(int)strcspn(line, "\r\n"), line);
	*fd = *plain ? one == NULL ? -1 : memfd_of(one, strlen(one)) : memfd_of(text, size);
	if (*fd < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: memfd: %s", strerror(errno));
	return 0;
}

/* ssh-keygen -Y VERB …; its status, or a negative errno. What it says goes to out, terminated. */
static int keygen(const char *verb, const char *principal, int allowed, int signature, int in_fd,
	char *out, size_t out_size, struct cvio_error *err)
{
	_fd_cleanup_ int out_fd = memfd_create("out", MFD_CLOEXEC);
	const struct child_options options = {
		.out_fd = out_fd, .err_fd = out_fd, .in_fd = in_fd, .apart = true};
	_words_cleanup_ struct words argv = {0};
	struct child child;
	ssize_t got;
	int r;

	words_add(&argv, "ssh-keygen");
	words_add(&argv, "-Y");
	words_add(&argv, verb);
	words_addf(&argv, "-f" FD_PATH, allowed);
	words_addf(&argv, "-s" FD_PATH, signature);
	if (principal != NULL) {
		words_add(&argv, "-n" BUNDLE_NAMESPACE);
		words_addf(&argv, "-I%s", principal);
	}
	if (argv.failed || out_fd < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: out of memory");
	r = child_start(&argv, &options, &child, err);
	if (r < 0)
		return tool_error(r, err);
	r = child_reap(&child);
	got = pread(out_fd, out, out_size - 1, 0);
	out[got > 0 ? got : 0] = '\0';
	return r;
}

static int refused(const char *place, const char *key, const char *reason, struct cvio_error *err)
{
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EBADMSG,
		"bundle: %s: not signed by %s, or changed since (%.150s); get the bundle and the "
		"key again, each from who made it",
		place, key, reason);
}

int bundle_signature_check(const char *place, const char *key, const char *text, size_t text_size,
	const char *signature, size_t signature_size, struct cvio_error *err)
{
	_fd_cleanup_ int allowed = -1;
	_fd_cleanup_ int text_fd = memfd_of(text, text_size);
	_fd_cleanup_ int signature_fd = memfd_of(signature, signature_size);
	char principal[256] = PRINCIPAL, out[1024];
	bool plain;
	int r = allowed_open(key, &plain, &allowed, err);

	if (r < 0)
		return r;
	if (text_fd < 0 || signature_fd < 0)
		return cvio_error_set(
			err, CVIO_EXIT_SOFTWARE, -ENOMEM, "bundle: memfd: %s", strerror(errno));
	if (!plain) {
		r = keygen("find-principals", NULL, allowed, signature_fd, 0, principal,
			sizeof(principal), err);
		if (r < 0)
			return r;
		if (r != 0)
			return refused(place, key, last_line(principal), err);
		principal[strcspn(principal, "\n")] = '\0';
	}
	r = keygen("verify", principal, allowed, signature_fd, text_fd, out, sizeof(out), err);
	return r <= 0 ? r : refused(place, key, last_line(out), err);
}
