/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bundle's file, read and written. There is one file for each content: every byte follows from
 * the signature's text and bundle.json's. So a changed byte is found wherever it is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bundle/bundle_index.h"
#include "bundle/bundle_work.h"

struct cvio_error;

/* Whom to believe. */
struct bundle_trust {
	const char *key;    /* the file of --key, or NULL */
	bool unsigned_ok;   /* a bundle without a signature will do */
	bool any_signature; /* whose signature it is doesn't matter (the base of a new delta) */
};

struct bundle {
	const char *path; /* borrowed */
	int fd;           /* owned; after the index */
	bool is_signed;
	uint64_t size; /* of the file, bytes */
	struct bundle_index index;
	char digest[BUNDLE_DIGEST_MAX]; /* of bundle.json: the bundle's own */
};

#define BUNDLE_INIT ((struct bundle){.fd = -1})

/**
 * Open a bundle and check its signature and its index, but no member yet.
 *
 * @param err  LAUNCHER_EXIT_UNFIT: refused; LAUNCHER_EXIT_NO_IMAGE: no such file;
 *             LAUNCHER_EXIT_NO_PERMISSION
 */
int bundle_open(const char *path, const struct bundle_trust *trust, struct bundle *bundle,
	struct cvio_error *err);

/**
 * Check every byte behind the index, once.
 *
 * @param folder  where to put the members below oci/; NULL: nowhere
 * @param only    of these, only the ones that this index takes from its base; NULL: all
 */
int bundle_read(struct bundle *bundle, const struct bundle_work *work, const char *folder,
	const struct bundle_index *only, struct cvio_error *err);

void bundle_fini(struct bundle *bundle);

/**
 * Write a bundle from files; the output is there as a whole or not at all.
 *
 * @param signature  armored; NULL: none
 * @param text       bundle.json, which index was read from
 * @param folder     has the members, by their names
 */
int bundle_write(const char *path, const char *signature, const char *text,
	const struct bundle_index *index, const char *folder, const struct bundle_work *work,
	struct cvio_error *err);

/** Hash a file; its size as well. 0 or a negative errno. */
int file_sha256(const char *path, char hex[SHA256_TEXT], uint64_t *size);

#define _bundle_cleanup_ __attribute__((cleanup(bundle_fini)))
