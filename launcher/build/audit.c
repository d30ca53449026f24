/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What would otherwise show at the site, as a SIGILL, a missing loader or a port that isn't there,
 * is said where the image is built. A binary that cvio-cc linked passes; this finds the one that
 * came in some other way.
 */
#include "build/audit.h"

#include <elf.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/exit.h"
#include "build/audit_layout.h"
#include "build/elf_file.h"
#include "image/image.h"

#define LINKS_MAX 8 /* symbolic links from an entry point to its file */

struct audit {
	const struct layout *layout;
	const char *name;
	const char *cpu;      /* label io.cvio.cpu */
	unsigned int machine; /* of the image's architecture: EM_… */
	unsigned int level;   /* of x86-64; 0: another architecture */
	struct cvio_error *err;
};

static int finding(const struct audit *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int finding(const struct audit *a, const char *fmt, ...)
{
	char text[sizeof(a->err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return cvio_error_set(a->err, LAUNCHER_EXIT_UNFIT, -EINVAL, "%s: %s", a->name, text);
}

/* image_contract() reads what podman prints; the layout's configuration has the same keys below. */
static int check_contract(const struct audit *a)
{
	json_t *json = json_pack("[{s:O}]", "Config", json_object_get(a->layout->config, "config"));
	char *text = json == NULL ? NULL : json_dumps(json, 0);
	_image_cleanup_ struct image image = {0};
	struct contract contract;
	int r = text == NULL ? -ENOMEM : image_parse(text, &image);

	free(text);
	json_decref(json);
	if (r < 0)
		return finding(a, "its configuration can't be read; build it again");
	return image_contract(&image, a->name, &contract, a->err);
}

static int check_labels(struct audit *a)
{
	static const char *const needed[] = {"io.cvio.contract", "io.cvio.cpu", "io.cvio.memory",
		"io.cvio.ports", "io.containers.seccomp.profile"};
	const char *arch = json_string_value(json_object_get(a->layout->config, "architecture"));
	const char *profile = layout_label(a->layout, needed[4]);
	char end;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (layout_label(a->layout, needed[i]) == NULL)
			return finding(a,
				"label %s is missing; the last stage must be FROM "
				"localhost/cvio/base",
				needed[i]);
	a->cpu = layout_label(a->layout, "io.cvio.cpu");
	if (sscanf(a->cpu, "x86-64-v%u%c", &a->level, &end) == 1 && a->level >= 1 && a->level <= 4)
		a->machine = EM_X86_64;
	else if (strcmp(a->cpu, "aarch64") == 0)
		a->machine = EM_AARCH64;
	else
		return finding(a,
			"label io.cvio.cpu is \"%.80s\"; x86-64-v2, -v3, -v4 or aarch64 is wanted",
			a->cpu);
	if (arch == NULL || strcmp(arch, a->machine == EM_X86_64 ? "amd64" : "arm64") != 0)
		return finding(a,
			"its architecture is %s, but label io.cvio.cpu is %s; build it with --cpu "
			"%s",
			arch == NULL ? "not stated" : arch, a->cpu, a->cpu);
	if (seccomp_count(profile) <= 0)
		return finding(a, "label io.containers.seccomp.profile allows no system call; take "
				  "the one of localhost/cvio/base");
	return check_contract(a);
}

/* The file's name is told by each of the checks of a binary. */
static int check_kind(
	const struct audit *a, const struct image_file *file, const struct elf_file *elf)
{
	if (elf->machine != a->machine)
		return finding(a,
			"/%s: is for another processor (ELF machine %u), the image for %s; "
			"compile it with --cpu's SDK, by cvio-cc",
			file->path, elf->machine, a->cpu);
	if (elf->type != ET_EXEC && elf->type != ET_DYN)
		return finding(
			a, "/%s: is an object file, not a program; leave it out", file->path);
	if (elf->interp != NULL)
		return finding(a,
			"/%s: is dynamic: it needs %s, which isn't in the image; link it "
			"with cvio-cc",
			file->path, elf->interp);
	if (elf->needs_libraries)
		return finding(a,
			"/%s: is dynamic: it needs shared libraries; link it with cvio-cc",
			file->path);
	if (elf->glibc)
		return finding(a,
			"/%s: glibc is linked in, DPDK and the runtime are for musl; compile "
			"and link all of it with cvio-cc",
			file->path);
	if (elf->sbom == NULL)
		return finding(a,
			"/%s: wasn't linked by cvio-cc: the runtime isn't in it, and nobody "
			"knows what is; link it with cvio-cc",
			file->path);
	return 0;
}

static int check_hardening(
	const struct audit *a, const struct image_file *file, const struct elf_file *elf)
{
	if (elf->writable_code)
		return finding(a,
			"/%s: has code that is writable; link it without -N or a script of "
			"its own",
			file->path);
	if (!elf->relro)
		return finding(a, "/%s: has no RELRO; link it with cvio-cc, without -z norelro",
			file->path);
	if (elf->stack_executable)
		return finding(a,
			"/%s: has an executable stack; link it with cvio-cc, and mark assembly "
			"files .note.GNU-stack",
			file->path);
	if ((file->mode & (S_ISUID | S_ISGID)) != 0)
		return finding(a, "/%s: is set-user-id or set-group-id; chmod ug-s it", file->path);
	if (a->level > 0 && elf->cpu_level > a->level)
		return finding(a,
			"/%s: needs x86-64-v%u, but label io.cvio.cpu promises %s; build it "
			"with --cpu x86-64-v%u, or without -march",
			file->path, elf->cpu_level, a->cpu, elf->cpu_level);
	return 0;
}

static int check_file(const struct audit *a, const struct image_file *file)
{
	struct elf_file elf;
	int r = file->link != NULL ? -ENOEXEC : elf_file_read(file->data, file->size, &elf);

	if (r == -ENOEXEC)
		return 0;
	if (r == -ENOTSUP)
		return finding(a,
			"/%s: is a binary of 32 bits or big-endian, the image is for %s; compile "
			"it with cvio-cc",
			file->path, a->cpu);
	if (r < 0)
		return finding(a, "/%s: is a damaged ELF file; build it again", file->path);
	r = check_kind(a, file, &elf);
	return r < 0 ? r : check_hardening(a, file, &elf);
}

/* Follow symbolic links, which begin at the image's root or at their folder. */
static const struct image_file *entry_file(const struct audit *a, const char *path)
{
	const struct image_file *file = image_files_find(&a->layout->files, path);
	char next[4096];

	for (int i = 0; file != NULL && file->link != NULL; i++) {
		const char *slash = strrchr(file->path, '/');
		int folder =
			file->link[0] == '/' || slash == NULL ? 0 : (int)(slash - file->path + 1);

		if (i == LINKS_MAX)
			return NULL;
		snprintf(next, sizeof(next), "%.*s%s", folder, file->path, file->link);
		file = image_files_find(&a->layout->files, next);
	}
	return file;
}

static int check_drivers(const struct audit *a, const struct image_file *file)
{
	const char *drivers = layout_label(a->layout, "io.cvio.drivers");
	struct elf_file elf;

	if (drivers == NULL || elf_file_read(file->data, file->size, &elf) < 0)
		return 0;
	while (*(drivers += strspn(drivers, " ")) != '\0') {
		int length = (int)strcspn(drivers, " ");
		char driver[64];

		snprintf(driver, sizeof(driver), "%.*s", length, drivers);
		if (!elf_file_has_driver(&elf, driver))
			return finding(a,
				"/%s: driver %s isn't linked in, which label io.cvio.drivers "
				"promises; link it whole (pkg-config --libs cvio-%s), or "
				"take it out of the label",
				file->path, driver,
				strncmp(driver, "net_", 4) == 0 ? driver + 4 : driver);
		drivers += length;
	}
	return 0;
}

static int check_entry(const struct audit *a)
{
	const json_t *config = json_object_get(a->layout->config, "config");
	const char *path =
		json_string_value(json_array_get(json_object_get(config, "Entrypoint"), 0));
	const struct image_file *file;

	if (path == NULL)
		return finding(
			a, "has no ENTRYPOINT; add one, such as ENTRYPOINT [\"/app\", \"--\"]");
	if (path[0] != '/')
		return finding(a,
			"ENTRYPOINT is \"%.80s\"; write its words as JSON with the program's "
			"whole path, such as [\"/app\", \"--\"]",
			path);
	file = entry_file(a, path);
	if (file == NULL && strcmp(path, "/bin/sh") == 0)
		return finding(a,
			"ENTRYPOINT wants a shell, and the image has none; write its words "
			"as JSON, such as [\"/app\", \"--\"]");
	if (file == NULL)
		return finding(a, "ENTRYPOINT %.80s isn't in the image; COPY it there", path);
	if ((file->mode & 0111) == 0)
		return finding(a, "ENTRYPOINT %.80s isn't executable; chmod +x it", path);
	return check_drivers(a, file);
}

int audit_image(const struct layout *layout, const char *name, struct cvio_error *err)
{
	struct audit audit = {.layout = layout, .name = name, .err = err};
	int r = check_labels(&audit);

	for (size_t i = 0; i < layout->files.count && r == 0; i++)
		r = check_file(&audit, &layout->files.list[i]);
	return r < 0 ? r : check_entry(&audit);
}
