/* SPDX-License-Identifier: BSD-3-Clause */
/* An image as podman describes it, and the contract that its labels state. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "pmd/grammar/memory_spec.h"

struct cvio_error;
struct json_t;

/* Strings are borrowed from the JSON; a label that the image lacks is NULL. */
struct image {
	struct json_t *json; /* owned */
	const char *user;    /* "65532:65532"; "" when the image has none */
	const char *contract, *memory, *ports, *cpu, *dpdk, *seccomp;
	const struct json_t *config; /* with Entrypoint, Cmd, Env and so on; borrowed from json */
	const struct json_t *entrypoint; /* an array of strings, or NULL */
	uint64_t size;                   /* bytes, as stored; 0 after image_glance() */
};

/* What the labels mean. */
struct contract {
	struct memory_spec memory;
	unsigned int ports_min, ports_max;
	const char *cpu; /* borrowed from the image */
};

/* Who the container's process is. */
struct image_user {
	bool known; /* false when the image names its user by a name: then only the engine can tell
		     */
	uid_t uid;
	gid_t gid;
};

/**
 * Ask podman about an image in the local storage.
 *
 * @param err  -ENOENT: no such image (LAUNCHER_EXIT_NO_IMAGE); else podman's own reason
 */
int image_load(const char *name, struct image *image, struct cvio_error *err);

/**
 * The same of a name that can mean one image only, in half of the time: by skopeo.
 *
 * @return 0, or -ENOENT if podman is to be asked: the name is short, an ID, an index's or unknown
 */
int image_glance(const char *name, struct image *image);

/** Whether a name is whole: its first part is a host, so that nothing is to be guessed. */
bool image_name_is_whole(const char *name);

/** The part of image_glance() after skopeo: from an image's configuration, as OCI has it. -EINVAL
 * if it isn't that, or if the image was chosen from an index. */
int image_parse_oci(const char *text, struct image *image);

/** The part of image_load() after podman: from the JSON of `podman image inspect`. -EINVAL if it
 * isn't that. */
int image_parse(const char *text, struct image *image);

void image_fini(struct image *image);

/**
 * Read the contract from the labels.
 *
 * @param name  the image's name, for the message
 * @param err   -EINVAL, LAUNCHER_EXIT_UNFIT: which label is missing or wrong
 */
int image_contract(const struct image *image, const char *name, struct contract *contract,
	struct cvio_error *err);

/** Read Config.User, "UID[:GID]"; an image without one runs as root. */
void image_user(const struct image *image, struct image_user *user);

/** The number of system calls that the image's seccomp profile names as allowed, or -EINVAL. */
int seccomp_count(const char *profile);

#define _image_cleanup_ __attribute__((cleanup(image_fini)))
