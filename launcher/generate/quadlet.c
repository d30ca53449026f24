/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From podman's command line, word by word, so that nothing of it can be missing: what podman 4.4
 * has a key for becomes that, for people to read and change; all other words are PodmanArgs.
 */
#include "generate/quadlet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "pmd/grammar/error.h"
#include "pmd/grammar/port_spec.h"

#define START_BESIDE 60 /* seconds that a start may take beside waiting for its ports */

static const struct {
	const char *word; /* ends with = where a value follows, which is the key's */
	const char *key;  /* NULL: the generator's or systemd's matter */
	const char *value;
} keys[] = {
	{"--rm", NULL, NULL},
	{"--detach", NULL, NULL},
	{"--label=" CONTAINER_LABEL "=", NULL, NULL}, /* of one run */
	{"--name=", "ContainerName", NULL},
	{"--cap-drop=", "DropCapability", NULL},
	{"--security-opt=no-new-privileges", "NoNewPrivileges", "true"},
	{"--read-only", "ReadOnly", "true"},
	{"--network=", "Network", NULL},
	{"--env=", "Environment", NULL},
};

void quadlet_quote(FILE *out, const char *word, bool command)
{
	bool quoted = word[0] == '\0' || strpbrk(word, " \t\n\r\"'\\;") != NULL;

	if (quoted)
		fputc('"', out);
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			fprintf(out, "\\%c", *word);
		else if (*word == '%' || (*word == '$' && command))
			fprintf(out, "%c%c", *word, *word);
		else if ((unsigned char)*word < ' ')
			fprintf(out, "\\x%02x", (unsigned char)*word);
		else
			fputc(*word, out);
	}
	if (quoted)
		fputc('"', out);
}

static void write_key(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s=", key);
	quadlet_quote(out, value, true);
	fputc('\n', out);
}

/* Whether a word is a table's entry; *value is what follows its = then. */
static bool matches(const char *word, const char *entry, const char **value)
{
	size_t size = strlen(entry);

	*value = word + size;
	if (entry[size - 1] == '=')
		return strncmp(word, entry, size) == 0;
	return strcmp(word, entry) == 0;
}

static void write_option(FILE *out, const char *word)
{
	const char *value;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!matches(word, keys[i].word, &value))
			continue;
		if (keys[i].key != NULL)
			write_key(out, keys[i].key, keys[i].value != NULL ? keys[i].value : value);
		return;
	}
	write_key(out, "PodmanArgs", word);
}

static void write_list(FILE *out, const char *key, const struct words *words, bool command)
{
	fprintf(out, "%s=", key);
	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			fputc(' ', out);
		quadlet_quote(out, words->list[i], command);
	}
	fputc('\n', out);
}

/* The service is up when its ports are, and those may wait for their backends one after another. */
static int start_limit(const struct run_plan *plan, unsigned long *seconds, struct cvio_error *err)
{
	struct port_spec *ports = calloc(PORT_MAX, sizeof(*ports));
	int count;

	*seconds = START_BESIDE;
	if (ports == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
	count = port_spec_list_parse(plan->ports, ports, PORT_MAX, err);
	for (int i = 0; i < count; i++)
		*seconds += ports[i].wait;
	free(ports);
	return count < 0 ? count : 0;
}

static int write_container(const struct run_plan *plan, FILE *out, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	size_t image;

	if (plan_argv(plan, &argv) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
	image = argv.count - plan->app_args->count - 1;
	fputs("\n[Container]\n", out);
	write_key(out, "Image", plan->image);
	for (size_t i = 2; i < image; i++) /* after podman run */
		write_option(out, argv.list[i]);
	if (plan->app_args->count > 0)
		write_list(out, "Exec", plan->app_args, true);
	/* the image tells READY=1 */
	fputs("Notify=true\n", out);
	return 0;
}

/* They are gone when the host starts again. */
static void write_links(const struct run_plan *plan, const struct link_folders *links, FILE *out)
{
	for (size_t i = 0; links != NULL && i < plan->folders->count; i++)
		for (size_t j = 0; j < links->paths->count; j++)
			if (strcmp(plan->folders->list[i], links->paths->list[j]) == 0) {
				_words_cleanup_ struct words argv = {0};

				link_folder_command(links, j, "/usr/bin/", &argv);
				write_list(out, "ExecStartPre", &argv, true);
			}
}

int quadlet_write(const struct run_plan *plan, const struct link_folders *links, FILE *out,
	struct cvio_error *err)
{
	unsigned long seconds;
	int r = start_limit(plan, &seconds, err);

	if (r < 0)
		return r;
	fputs("[Unit]\n", out);
	fprintf(out, "Description=%s\n", plan->name);
	if (plan->folders->count > 0)
		write_list(out, "RequiresMountsFor", plan->folders, false);
	r = write_container(plan, out, err);
	fprintf(out, "\n[Service]\nRestart=on-failure\nTimeoutStartSec=%lu\n", seconds);
	write_links(plan, links, out);
	fputs("\n[Install]\nWantedBy=multi-user.target default.target\n", out);
	return r;
}
