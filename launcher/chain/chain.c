/* SPDX-License-Identifier: BSD-3-Clause */
/* What a chain's parts share: names, errors with a place, the file's bytes, and the end of it. */
#include "chain/chain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"

int chain_error(
	struct cvio_error *err, const char *file, struct chain_place place, const char *fmt, ...)
{
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL, "%.100s:%zu:%zu: %s", file, place.line,
		place.column, what);
	for (char *p = err->text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return -EINVAL;
}

int chain_name_ok(const char *name)
{
	static const char first[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	static const char rest[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t len = strlen(name);

	return len > 0 && len <= CHAIN_NAME_MAX && strchr(first, name[0]) != NULL &&
	       strspn(name, rest) == len;
}

int chain_load(const char *file, struct chain *chain, struct cvio_error *err)
{
	FILE *in = fopen(file, "re");
	char *text = malloc(CHAIN_FILE_MAX + 1);
	size_t size;
	int r = 0;

	*chain = (struct chain){0};
	errno = text == NULL ? ENOMEM : errno;
	size = in == NULL || text == NULL ? 0 : fread(text, 1, CHAIN_FILE_MAX + 1, in);
	if (in == NULL || text == NULL || ferror(in))
		r = cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -errno,
			"%.200s: %s; name the chain's file with -f", file, strerror(errno));
	else if (size > CHAIN_FILE_MAX)
		r = cvio_error_set(err, CVIO_EXIT_CONFIG, -EFBIG,
			"%.200s: is larger than %d KiB; make several chains of it", file,
			CHAIN_FILE_MAX >> 10);
	else
		r = chain_parse(file, text, size, chain, err);
	if (in != NULL)
		fclose(in);
	free(text);
	return r;
}

void chain_fini(struct chain *chain)
{
	for (size_t i = 0; i < chain->container_count; i++) {
		struct chain_container *c = &chain->containers[i];

		free(c->image);
		free(c->cpus);
		free(c->memory);
		words_fini(&c->args);
		words_fini(&c->podman_args);
	}
	for (size_t i = 0; i < chain->link_count; i++) {
		free(chain->links[i].socket);
		free(chain->links[i].options);
	}
	free(chain->containers);
	free(chain->links);
	*chain = (struct chain){0};
}
