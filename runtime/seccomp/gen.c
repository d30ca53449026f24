/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * seccomp-gen LIST OUT: turn an annotated list of system calls into a profile for container
 * engines.
 *
 * LIST is read strictly, since a profile with a wrong entry fails far from here, in somebody's
 * container. After a head of comment lines it consists of sections, `[process]` and `[engine]`,
 * each once and with at least one entry, sorted:
 *
 *     name  # reason
 *
 * A comment can't stand within a section: an entry that lost its name would look like one. The name
 * must be a system call of at least one architecture below; which have it differs (aarch64 has no
 * open(2)).
 *
 * OUT gets the profile in the form of the OCI runtime specification on one line, as an image's
 * label holds it. The filter is compiled here as well, for every architecture, and thrown away:
 * what the engine will compile later is known to compile, and its length is told. This program runs
 * on the build machine only; libseccomp is in no image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jansson.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct arch {
	const char *name;
	const char *oci_name;
	uint32_t token;
} archs[] = {
        {"x86_64", "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
        {"aarch64", "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64},
};

#define ARCH_COUNT (sizeof(archs) / sizeof(archs[0]))

static const char *const section_names[] = {"[process]", "[engine]"};

#define SECTION_COUNT (sizeof(section_names) / sizeof(section_names[0]))
#define SECTION_NONE (-1)

/* A list while it is read. */
struct list {
	const char *path;
	unsigned int line;
	int section; /* index into section_names, or SECTION_NONE in the head */
	unsigned int entries[SECTION_COUNT]; /* how many each section has */
	char last[64]; /* the section's last name, to see that they are sorted */
	json_t *names; /* name → the line it stands in, in the list's order */
};

static void file_close(FILE **file)
{
	if (*file)
		fclose(*file);
}

static void text_free(char **text)
{
	free(*text);
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void filter_release(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

/* Say what is wrong with the present line. Returns -EINVAL. */
static int __attribute__((format(printf, 2, 3)))
list_error(const struct list *list, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", list->path, list->line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

/* libseccomp knows calls that an architecture lacks by pseudo numbers below zero. */
static bool arch_has(const struct arch *arch, const char *name)
{
	return seccomp_syscall_resolve_name_arch(arch->token, name) >= 0;
}

static bool any_arch_has(const char *name)
{
	for (size_t i = 0; i < ARCH_COUNT; i++)
		if (arch_has(&archs[i], name))
			return true;
	return false;
}

/* A section that ends, at the next one or at the end of the list, must have had an entry. */
static int list_section_end(const struct list *list)
{
	if (list->section != SECTION_NONE && list->entries[list->section] == 0)
		return list_error(list, "%s ends without an entry", section_names[list->section]);
	return 0;
}

static int list_section_begin(struct list *list, const char *text)
{
	int result = list_section_end(list);
	if (result < 0)
		return result;
	for (size_t i = 0; i < SECTION_COUNT; i++) {
		if (strcmp(text, section_names[i]))
			continue;
		if (list->entries[i] > 0)
			return list_error(list, "%s: the section is there already", text);
		list->section = (int)i;
		list->last[0] = '\0';
		return 0;
	}
	return list_error(list, "%s: unknown section; there are [process] and [engine]", text);
}

/* Split `name  # reason`. Returns the name, which is text cut short, or NULL after saying what is
 * wrong. */
static const char *entry_split(const struct list *list, char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char *reason = text + len;

	if (len == 0) {
		list_error(list, "'%s' names no system call", text);
		return NULL;
	}
	reason += strspn(reason, " \t");
	if (*reason != '#' || reason[1 + strspn(reason + 1, " \t")] == '\0') {
		list_error(list, "'%s' is without its reason; write: name  # reason", text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

static int list_entry(struct list *list, char *text)
{
	const char *name = entry_split(list, text);
	if (!name)
		return -EINVAL;
	if (!any_arch_has(name))
		return list_error(list, "%s: no such system call on x86_64 or aarch64", name);
	const json_t *earlier = json_object_get(list->names, name);
	if (earlier)
		return list_error(
		        list, "%s: is in line %d already", name, (int)json_integer_value(earlier));
	if (strcmp(name, list->last) < 0)
		return list_error(
		        list, "%s: comes before %s; keep the section sorted", name, list->last);
	snprintf(list->last, sizeof(list->last), "%s", name);
	list->entries[list->section]++;
	if (json_object_set_new(list->names, name, json_integer(list->line)))
		return list_error(list, "out of memory");
	return 0;
}

static int list_line(struct list *list, char *text)
{
	for (size_t len = strlen(text); len > 0 && strchr(" \t\r\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	if (text[0] == '\0')
		return 0;
	if (text[0] == '[')
		return list_section_begin(list, text);
	if (list->section != SECTION_NONE)
		return list_entry(list, text);
	return text[0] == '#' ? 0 : list_error(list, "'%s' stands before the first section", text);
}

static int list_read(struct list *list)
{
	__attribute__((cleanup(text_free))) char *text = NULL;
	__attribute__((cleanup(file_close))) FILE *file = fopen(list->path, "r");
	size_t size = 0;
	int result = 0;

	if (!file) {
		result = -errno;
		fprintf(stderr, "%s: %s\n", list->path, strerror(-result));
		return result;
	}
	while (result == 0 && getline(&text, &size, file) >= 0) {
		list->line++;
		result = list_line(list, text);
	}
	if (result < 0)
		return result;
	if (ferror(file)) {
		fprintf(stderr, "%s: can't be read\n", list->path);
		return -EIO;
	}
	if (list->section == SECTION_NONE)
		return list_error(list, "the list is empty");
	return list_section_end(list);
}

/* The length of a compiled filter in BPF instructions, or a negative errno. */
static int filter_length(scmp_filter_ctx filter)
{
	__attribute__((cleanup(fd_close))) int fd = memfd_create("bpf", MFD_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	int result = seccomp_export_bpf(filter, fd);
	if (result < 0)
		return result;
	return fstat(fd, &st) ? -errno : (int)(st.st_size / sizeof(struct sock_filter));
}

/* Compile the filter for one architecture. Returns its length in BPF instructions, or a negative
 * errno. */
static int arch_compile(const struct arch *arch, json_t *names, unsigned int *calls)
{
	__attribute__((cleanup(filter_release))) scmp_filter_ctx filter =
	        seccomp_init(SCMP_ACT_ERRNO(EPERM));
	const char *name;
	json_t *line;
	int result = 0;

	if (!filter)
		return -ENOMEM;
	if (arch->token != seccomp_arch_native()) {
		result = seccomp_arch_add(filter, arch->token);
		if (result == 0)
			result = seccomp_arch_remove(filter, seccomp_arch_native());
	}
	*calls = 0;
	json_object_foreach (names, name, line) {
		if (result < 0)
			return result;
		if (!arch_has(arch, name))
			continue;
		/* libseccomp wants the build machine's number and translates it by name */
		result = seccomp_rule_add(
		        filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 0);
		++*calls;
	}
	return result < 0 ? result : filter_length(filter);
}

static int list_compile(const struct list *list)
{
	for (size_t i = 0; i < ARCH_COUNT; i++) {
		unsigned int calls;
		int length = arch_compile(&archs[i], list->names, &calls);
		if (length < 0) {
			fprintf(stderr, "%s: no filter for %s: %s\n", list->path, archs[i].name,
			        strerror(-length));
			return length;
		}
		printf("%s: %u system calls, %d BPF instructions\n", archs[i].name, calls, length);
	}
	return 0;
}

/* The profile in the form of the OCI runtime specification; a new reference, NULL without memory.
 */
static json_t *profile_new(json_t *names)
{
	json_t *arch_array = json_array();
	json_t *name_array = json_array();
	const char *name;
	json_t *line;

	for (size_t i = 0; i < ARCH_COUNT; i++)
		json_array_append_new(arch_array, json_string(archs[i].oci_name));
	json_object_foreach (names, name, line)
		json_array_append_new(name_array, json_string(name));
	return json_pack("{s:s, s:i, s:o, s:[{s:o, s:s}]}", "defaultAction", "SCMP_ACT_ERRNO",
	        "defaultErrnoRet", EPERM, "architectures", arch_array, "syscalls", "names",
	        name_array, "action", "SCMP_ACT_ALLOW");
}

/* Write the profile; a file that could not be written whole is removed. */
static int profile_write(const struct list *list, const char *path)
{
	json_auto_t *profile = profile_new(list->names);
	__attribute__((cleanup(text_free))) char *text = json_dumps(profile, JSON_COMPACT);

	if (!text) {
		fputs("seccomp-gen: out of memory\n", stderr);
		return -ENOMEM;
	}
	FILE *file = fopen(path, "w");
	int result = file ? 0 : -errno;
	if (file && fprintf(file, "%s\n", text) < 0)
		result = -EIO;
	if (file && fclose(file) && result == 0)
		result = -errno;
	if (result < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(-result));
		unlink(path);
	}
	return result;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: seccomp-gen LIST OUT\n", stderr);
		return 1;
	}
	json_auto_t *names = json_object();
	struct list list = {.path = argv[1], .section = SECTION_NONE, .names = names};

	/* an earlier profile must not outlive a list that has become wrong */
	unlink(argv[2]);
	if (list_read(&list) < 0 || list_compile(&list) < 0 || profile_write(&list, argv[2]) < 0)
		return 1;
	return 0;
}
