/* SPDX-License-Identifier: BSD-3-Clause */
/* What the forms of `cvio generate` are made with, and where it goes. */
#pragma once

#include "generate/generate.h"

/**
 * Add a file. A form with more than one, or with a finish, can't go to standard output.
 *
 * @param name  relative; copied
 * @param text  owned from now on, also after a failure; NULL counts as no memory
 * @return      0, or -ENOMEM with err filled in
 */
int generate_add(struct generate *g, const char *name, char *text, unsigned int mode,
	struct cvio_error *err);

/** Add the image's seccomp profile as NAME.seccomp.json of each container that has one. */
int generate_add_profiles(struct generate *g, struct cvio_error *err);

/** For forms that can't mount a hugetlbfs: refuse memory "mount". -EINVAL, CVIO_EXIT_CONFIG. */
int generate_no_mount(const struct generate *g, const char *form, struct cvio_error *err);

/**
 * For forms in JSON and YAML, which can't hold texts that aren't UTF-8: paths, arguments and
 * images.
 *
 * @param err  -EILSEQ, CVIO_EXIT_CONFIG
 */
int generate_check_texts(const struct generate *g, const char *form, struct cvio_error *err);

/** Where a container has its files in the output's folder: "", or for a chain "NAME/". */
void generate_prefix(const struct generate *g, const struct run *run, char *prefix, size_t size);

/**
 * A form's finish: unpack each container's image to PREFIXrootfs, with what is mounted there later.
 */
int generate_rootfs(const struct generate *g, const char *folder, struct cvio_error *err);

/**
 * The words that the container's process is started with: the image's entry point, then the
 * arguments given, or without any the image's own.
 */
void generate_argv(const struct run *run, struct words *argv);

/** Its environment, each as NAME=VALUE: the image's, with the run's in its place. */
void generate_env(const struct run *run, struct words *env);

/**
 * For forms that write an image's texts into lines: refuse control characters in its environment,
 * entry point, arguments, user, folder and the names of its system calls. Who makes an image is a
 * stranger, and a line of such a form may be a command that root runs.
 *
 * @param err  -EINVAL, LAUNCHER_EXIT_UNFIT: the image, the place, the value with \xNN;
 *             CVIO_EXIT_CONFIG: it is in an argument that the operator gave
 */
int generate_check_image(const struct run *run, struct cvio_error *err);

/** Print comments that a shell, YAML and an ini file understand: how it was made, for what. */
void generate_head(const struct generate *g, const char *form, FILE *out);

/** Print the shell command that makes a link's folder, as a line, with `before` before it. */
void generate_link_folder(const struct generate *g, size_t index, const char *before, FILE *out);

/** Print shell commands that make the links' folders, and hugetlbfs for memory "mount". */
void generate_folders(const struct generate *g, FILE *out);

/** Where on the host generate_folders() mounts a container's hugetlbfs. */
void generate_hugepages_path(const struct run *run, char *path, size_t size);

/**
 * Write all files, or none.
 *
 * One file goes to the output or is the output; several need a folder, which mustn't be there yet.
 *
 * @param err  CVIO_EXIT_CONFIG: several files and no folder; CVIO_EXIT_SOFTWARE: can't be
 * written
 */
int generate_write(
	const struct generate *g, const struct generate_form *form, struct cvio_error *err);

void generate_fini(struct generate *g);

#define _generate_cleanup_ __attribute__((cleanup(generate_fini)))
