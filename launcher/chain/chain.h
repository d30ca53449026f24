/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A chain: containers and the links between them, as its file states them. docs/chains.md has the
 * file's format. What is here is the file's content alone: no host, no podman.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "pmd/grammar/words.h"

struct cvio_error;

#define CHAIN_FILE "cvio.yaml"     /* where -f isn't given */
#define CHAIN_FILE_MAX (256 << 10) /* bytes */
#define CHAIN_NAME_MAX 32          /* bytes of a chain's and a container's name */
#define CHAIN_CONTAINERS_MAX 256
#define CHAIN_LINKS_MAX 1024

/* Where in the file something is, both from 1 on. */
struct chain_place {
	size_t line, column;
};

struct chain_container {
	char name[CHAIN_NAME_MAX + 1];
	struct chain_place place;
	char *image;              /* owned, as all here */
	char *cpus, *memory;      /* NULL: as `cvio run` has it */
	struct words args;        /* the application's */
	struct words podman_args; /* as words */
};

/*
 * Either two containers, or one and a socket. Those are indices into the containers; CHAIN_NOBODY
 * where there is none.
 */
#define CHAIN_NOBODY SIZE_MAX

struct chain_link {
	size_t from;   /* it has the vhost-user port */
	size_t to;     /* it has the vhost-backend port */
	char *socket;  /* a path outside of the chain; NULL between two containers */
	char *options; /* of the port, as in the port grammar, without a comma at its begin; or NULL
			*/
	struct chain_place place;
};

struct chain {
	const char *file; /* for messages; borrowed */
	char name[CHAIN_NAME_MAX + 1];
	struct chain_container *containers; /* in the file's order */
	size_t container_count;
	struct chain_link *links;
	size_t link_count;
};

/**
 * Parse a chain's file.
 *
 * @param file   its name, for messages; borrowed for as long as the chain lives
 * @param text   what it holds; need not be terminated
 * @param chain  filled in; to be freed whatever the result
 * @param err    -EINVAL, CVIO_EXIT_CONFIG: FILE:LINE:COLUMN, what is wrong there and what mends it
 */
int chain_parse(const char *file, const char *text, size_t size, struct chain *chain,
	struct cvio_error *err);

/** Read and parse a file. Also LAUNCHER_EXIT_NO_IMAGE (66), when it can't be read. */
int chain_load(const char *file, struct chain *chain, struct cvio_error *err);

/**
 * Fill in an error about a place in the file.
 *
 * @param fmt  what is wrong; control characters in it become '?'
 * @return     -EINVAL; CVIO_EXIT_CONFIG
 */
int chain_error(struct cvio_error *err, const char *file, struct chain_place place, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));

/** Whether a text is a chain's or a container's name: letters, digits, and _ - after the first. */
int chain_name_ok(const char *name);

void chain_fini(struct chain *chain);

#define _chain_cleanup_ __attribute__((cleanup(chain_fini)))
