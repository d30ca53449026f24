/* SPDX-License-Identifier: BSD-3-Clause */
/* What is wrong with a name is said here, since buildah would say it after minutes of compiling. */
#include "build/build_options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "base/option_word.h"

static const char *const cpus[BUILD_CPUS_MAX] = {"x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64"};

/* In the order of the table above, so that the index doesn't depend on the user's. */
static int parse_cpus(const char *text, struct build_options *o, struct cvio_error *err)
{
	bool wanted[BUILD_CPUS_MAX] = {false};

	for (const char *p = text;; p++) {
		size_t length = strcspn(p, ","), i = 0;

		while (i < BUILD_CPUS_MAX &&
			(strncmp(cpus[i], p, length) != 0 || cpus[i][length] != '\0'))
			i++;
		if (i == BUILD_CPUS_MAX)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"build: --cpu: %.*s: x86-64-v2, x86-64-v3, x86-64-v4 or aarch64 is "
				"wanted",
				(int)length, p);
		wanted[i] = true;
		p += length;
		if (*p == '\0')
			break;
	}
	o->cpu_count = 0;
	for (size_t i = 0; i < BUILD_CPUS_MAX; i++)
		if (wanted[i])
			o->cpus[o->cpu_count++] = cpus[i];
	return 0;
}

/* What a registry's name may hold; the engine knows the finer rules. */
static int set_tag(const char *text, struct build_options *o, struct cvio_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789._-/:";
	const char *slash = strrchr(text, '/'), *name = slash == NULL ? text : slash + 1;
	const char *colon = strchr(name, ':');
	size_t length = colon == NULL ? strlen(text) : (size_t)(colon - text);
	int n = snprintf(o->tag, sizeof(o->tag), "%s%s%s", slash == NULL ? "localhost/" : "", text,
		colon == NULL ? ":latest" : "");

	if (n >= (int)sizeof(o->tag) - 32 || strspn(text, allowed) < length || !isalnum(name[0]) ||
		(colon != NULL && !isalnum(colon[1]) && colon[1] != '_'))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"build: -t %.100s: isn't an image's name; lower-case letters, digits and . "
			"_ - "
			"make one, such as localhost/hello:1.0",
			text);
	return 0;
}

/* The folder's own name, in what a name may hold. */
static int default_tag(struct build_options *o, struct cvio_error *err)
{
	char path[PATH_MAX], name[128], *p;

	if (realpath(o->folder, path) == NULL)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"build: %s: %s; name the folder with the Containerfile", o->folder,
			strerror(errno));
	if (o->tag[0] != '\0')
		return 0;
	p = strrchr(path, '/') + 1;
	snprintf(name, sizeof(name), "%.120s", p);
	for (p = name; *p != '\0'; p++)
		*p = isalnum((unsigned char)*p) ? (char)tolower(*p) : '-';
	for (p = name; *p == '-'; p++)
		;
	if (*p == '\0')
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"build: %s: gives no name for the image; name it with -t", path);
	return set_tag(p, o, err);
}

enum { OPTION_CPU = LONGOPT_ONLY, OPTION_SBOM };

const struct option build_longopts[] = {
	{"tag", required_argument, NULL, 't'},
	{"file", required_argument, NULL, 'f'},
	{"cpu", required_argument, NULL, OPTION_CPU},
	{"sbom", required_argument, NULL, OPTION_SBOM},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int option_set(int option, struct build_options *o, struct cvio_error *err)
{
	switch (option) {
	case 't':
		return set_tag(optarg, o, err);
	case 'f':
		o->file = optarg;
		return 0;
	case OPTION_CPU:
		return parse_cpus(optarg, o, err);
	case OPTION_SBOM:
		o->sbom = optarg;
		return 0;
	default:
		o->help = true;
		return 0;
	}
}

int build_options_parse(int argc, char **argv, struct build_options *o, struct cvio_error *err)
{
	int option, r = 0;

	*o = (struct build_options){.folder = "."};
	opterr = 0;
	optind = 1;
	while (r == 0 && (option = getopt_long(argc, argv, ":t:f:h", build_longopts, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"build: %s: %s; see `cvio help build`", option_word(argv),
				option == '?' ? "no such option" : "needs a value");
		r = option_set(option, o, err);
	}
	if (r < 0 || o->help)
		return r;
	if (optind + 1 < argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"build: %s: one folder is wanted; see `cvio help build`", argv[optind + 1]);
	if (optind < argc)
		o->folder = argv[optind];
	return default_tag(o, err);
}

void build_variant_tag(const char *tag, const char *cpu, char *text, size_t size)
{
	const char *colon = strrchr(tag, ':');
	bool latest = strcmp(colon, ":latest") == 0;

	snprintf(text, size, "%.*s:%s%s%s", (int)(colon - tag), tag, latest ? "" : colon + 1,
		latest ? "" : "-", cpu);
}

void build_stem(const char *tag, char *text, size_t size)
{
	const char *name = strrchr(tag, '/') + 1, *colon = strrchr(tag, ':');
	bool latest = strcmp(colon, ":latest") == 0;

	snprintf(text, size, "%.*s%s%s", (int)(colon - name), name, latest ? "" : "-",
		latest ? "" : colon + 1);
}
