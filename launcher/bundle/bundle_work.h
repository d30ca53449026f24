/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of `cvio bundle` share: a folder that goes away, Ctrl-C, tools, and progress. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;
struct child;
struct cvio_error;
struct json_t;
struct words;

#define WORK_PATH_MAX 4096

struct bundle_work {
	char folder[WORK_PATH_MAX]; /* "" while there is none */
	int sig_fd;                 /* readable once the user or the system wants an end; owned */
	bool terminal;              /* progress is shown */
};

#define BUNDLE_WORK_INIT ((struct bundle_work){.sig_fd = -1})

/** From now on SIGINT, SIGTERM and SIGHUP only show in sig_fd. */
int work_begin(struct bundle_work *work, struct cvio_error *err);

/** Make the folder, in TMPDIR or /var/tmp, with room for so many bytes. */
int work_make_folder(struct bundle_work *work, uint64_t bytes, struct cvio_error *err);

/** Remove the folder and what is in it; signals are as before. */
void work_fini(struct bundle_work *work);

/** 0, or -EINTR with an error when a signal came. */
int work_stopped(const struct bundle_work *work, struct cvio_error *err);

/** Show what is being done, in place of what was shown before; nothing unless on a terminal. */
void work_show(const struct bundle_work *work, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** Take it away again. */
void work_show_end(const struct bundle_work *work);

/**
 * Run a tool to its end; ending otherwise than with 0 is an error that has the tool's own reason.
 *
 * @param capture  its output, owned by the caller then; NULL: not wanted
 */
int work_tool(const struct bundle_work *work, const struct words *argv, struct capture *capture,
	struct cvio_error *err);

/** The same with words up to a NULL, without output. */
int work_tooll(const struct bundle_work *work, struct cvio_error *err, ...)
	__attribute__((sentinel));

/** Wait for a child; a signal that comes meanwhile ends it. Its status as child_reap() tells it. */
int work_wait(const struct bundle_work *work, struct child *child);

/** asprintf(); NULL without memory. */
char *path_make(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** Make all folders above a path. 0 or a negative errno. */
int path_make_folders(const char *path);

/** A whole file as a text, terminated; NULL with errno. */
char *path_read(const char *path, size_t max, size_t *size);

void text_free(char **text);
void json_free(struct json_t **json);

#define _text_cleanup_ __attribute__((cleanup(text_free)))
#define _json_cleanup_ __attribute__((cleanup(json_free)))
#define _work_cleanup_ __attribute__((cleanup(work_fini)))
