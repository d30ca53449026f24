/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bill of materials of an image: a function of the image alone, so that it can be made at any
 * time and anywhere, and is the same.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/digest.h"

struct cvio_error;
struct image_file;
struct json_t;
struct layout;

/* What is linked into the binaries; strings are borrowed from json, and NULL when unknown. */
struct sbom_component {
	const char *name, *version, *licenses, *source, *sha256;
	const struct json_t *parts; /* borrowed: name to bytes */
	char ref[96];               /* "dpdk-22.11.11": letters, digits, '.' and '-' */
};

struct sbom_file {
	const struct image_file *file; /* borrowed from the layout */
	char sha1[SHA1_TEXT], sha256[SHA256_TEXT];
	size_t first, count; /* of the uses: the components that are linked into it */
};

/* Zeroed is empty. */
struct sbom {
	const struct layout *layout; /* borrowed */
	const char *name;            /* of the program that the image runs; borrowed */
	struct sbom_component *components;
	size_t component_count;
	struct sbom_file *files;
	size_t file_count;
	size_t *uses; /* indices of components */
	size_t use_count;
	struct json_t *json; /* an array: what the binaries' sections hold; owned */
};

/**
 * Digest an image's files and read what is linked into its binaries.
 *
 * @param name  the image's, for the message
 * @param err   -EINVAL, LAUNCHER_EXIT_UNFIT: a section that can't be read; -ENOMEM
 */
int sbom_collect(
	const struct layout *layout, const char *name, struct sbom *sbom, struct cvio_error *err);

/** As an SPDX 2.3 document; NULL without memory. The caller owns it. */
struct json_t *sbom_spdx(const struct sbom *sbom);

/** As a CycloneDX 1.5 document; NULL without memory. The caller owns it. */
struct json_t *sbom_cyclonedx(const struct sbom *sbom);

/** Print where the bytes of the binaries go, the largest part first, and the image's sizes. */
void sbom_print_sizes(const struct sbom *sbom, FILE *out);

/**
 * Write both documents: FOLDER/STEM.spdx.json and FOLDER/STEM.cdx.json, each whole or not at all.
 *
 * @param folder  made if it isn't there
 */
int sbom_write(
	const struct sbom *sbom, const char *folder, const char *stem, struct cvio_error *err);

void sbom_fini(struct sbom *sbom);

#define _sbom_cleanup_ __attribute__((cleanup(sbom_fini)))
