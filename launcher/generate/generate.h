/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio generate`: what another tool needs to start the same containers without cvio. A form is one
 * translation of the plans; it makes files, in memory, which are written once all of them are made.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "generate/link_folder.h"
#include "run/run_make.h"

struct cvio_error;

/* Permissions of files as made, before the umask. */
#define GENERATE_PROGRAM 0755
#define GENERATE_DATA 0644

#define GENERATE_PROFILE ".seccomp.json" /* after a container's name: its seccomp profile */

struct generate_file {
	char *name; /* relative to the output's folder */
	char *text;
	unsigned int mode;
};

struct generate {
	/* what is asked for */
	const struct run *runs; /* one, or a chain's in the order to start in; each has a name */
	size_t count;
	bool chain;                       /* else of options, and count is 1 */
	const char *name;                 /* of the whole: the container's or the chain's */
	const char *bridge;               /* Open vSwitch's, for userspace-CNI; NULL: none */
	const struct link_folders *links; /* of the chain, to be made; none for one container */
	const char *output; /* an absolute path: where it will be; NULL: standard output */

	/* what comes of it */
	struct generate_file *files;
	size_t file_count;
};

/* What of `cvio run` a form can express beside the container itself. */
#define GENERATE_DETACH (1u << 0)
#define GENERATE_TTY (1u << 1)
#define GENERATE_PODMAN_ARGS (1u << 2)
#define GENERATE_USER_NAME (1u << 3) /* an image whose user is a name */
#define GENERATE_WIRES (1u << 4)     /* ports that need cvio at start and end: wire.h */
#define GENERATE_CONTROLS (1u << 5)  /* control characters of an image's: quoted, or not written */
#define GENERATE_FOLDERS \
	(1u << 6) /* it makes the folders of a chain's links: their owners are needed */

struct generate_form {
	const char *name;
	unsigned int can; /* of GENERATE_; what is asked for beyond it is an error */
	/* Returns 0 or a negative errno with err filled in. */
	int (*make)(struct generate *g, struct cvio_error *err);
	const char *line; /* what it is, for the overview */
	/* After the files are in their folder: what can't be made in memory. NULL: nothing. */
	int (*finish)(const struct generate *g, const char *folder, struct cvio_error *err);
};

/* Ends with an entry without a name. */
extern const struct generate_form generate_forms[];

int generate_docker(struct generate *g, struct cvio_error *err);
int generate_lxc(struct generate *g, struct cvio_error *err);
int generate_oci(struct generate *g, struct cvio_error *err);
int generate_podman(struct generate *g, struct cvio_error *err);
int generate_quadlet(struct generate *g, struct cvio_error *err);
int generate_kube(struct generate *g, struct cvio_error *err);
int generate_podman_kube(struct generate *g, struct cvio_error *err);
int generate_cdi(struct generate *g, struct cvio_error *err);
