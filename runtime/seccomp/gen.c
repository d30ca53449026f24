/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * seccomp-gen LIST OUT: turn an annotated list of system calls (list.h) into a profile for
 * container engines.
 *
 * OUT gets the profile in the form of the OCI runtime specification on one line, as an image's
 * label holds it. The filter is compiled here as well, for every architecture, and thrown away:
 * what the engine will compile later is known to compile, and its length is told. A name must be a
 * system call of at least one architecture; which have it differs (aarch64 has no open(2)).
 *
 * This program runs on the build machine only; libseccomp is in no image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jansson.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/seccomp/list.h"

static const struct arch {
	const char *name;
	const char *oci_name;
	uint32_t token;
} archs[] = {
	{"x86_64", "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
	{"aarch64", "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64},
};

#define ARCH_COUNT (sizeof(archs) / sizeof(archs[0]))

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

/* Every name must be a call of some architecture. */
static int names_check(const char *path, json_t *names)
{
	const char *name;
	json_t *line;

	json_object_foreach (names, name, line) {
		if (any_arch_has(name))
			continue;
		fprintf(stderr, "%s:%d: %s: no such system call on x86_64 or aarch64\n", path,
			(int)json_integer_value(line), name);
		return -EINVAL;
	}
	return 0;
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

/* A rule for each name that the architecture has. Returns how many there are, or a negative errno.
 */
static int rules_add(
	scmp_filter_ctx filter, const struct arch *arch, json_t *names, uint32_t action)
{
	const char *name;
	json_t *line;
	int count = 0;

	json_object_foreach (names, name, line) {
		if (!arch_has(arch, name))
			continue;
		/* libseccomp wants the build machine's number and translates it by name */
		int result =
			seccomp_rule_add(filter, action, seccomp_syscall_resolve_name(name), 0);
		if (result < 0)
			return result;
		count++;
	}
	return count;
}

/*
 * Compile one architecture's filter. Returns its length in BPF instructions, or a negative errno.
 */
static int arch_compile(const struct arch *arch, const struct call_list *list, int *allowed)
{
	__attribute__((cleanup(filter_release))) scmp_filter_ctx filter =
		seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int result = 0;

	if (!filter)
		return -ENOMEM;
	if (arch->token != seccomp_arch_native()) {
		result = seccomp_arch_add(filter, arch->token);
		if (result == 0)
			result = seccomp_arch_remove(filter, seccomp_arch_native());
	}
	if (result == 0)
		result = rules_add(filter, arch, list->allowed, SCMP_ACT_ALLOW);
	*allowed = result;
	if (result >= 0)
		result = rules_add(filter, arch, list->forbidden, SCMP_ACT_ERRNO(EPERM));
	return result < 0 ? result : filter_length(filter);
}

static int list_compile(const char *path, const struct call_list *list)
{
	for (size_t i = 0; i < ARCH_COUNT; i++) {
		int calls;
		int length = arch_compile(&archs[i], list, &calls);
		if (length < 0) {
			fprintf(stderr, "%s: no filter for %s: %s\n", path, archs[i].name,
				strerror(-length));
			return length;
		}
		printf("%s: %d system calls, %d BPF instructions\n", archs[i].name, calls, length);
	}
	return 0;
}

static json_t *names_array(json_t *names)
{
	json_t *array = json_array();
	const char *name;
	json_t *line;

	json_object_foreach (names, name, line)
		json_array_append_new(array, json_string(name));
	return array;
}

/*
 * The profile in the form of the OCI runtime specification; a new reference, NULL without memory.
 *
 * A call that is in no list answers ENOSYS, as a kernel does that lacks it: libraries and engines
 * then take an older one, where EPERM would end them.
 */
static json_t *profile_new(const struct call_list *list)
{
	json_t *arch_array = json_array();
	json_t *rules = json_pack(
		"[{s:o, s:s}]", "names", names_array(list->allowed), "action", "SCMP_ACT_ALLOW");

	for (size_t i = 0; i < ARCH_COUNT; i++)
		json_array_append_new(arch_array, json_string(archs[i].oci_name));
	if (json_object_size(list->forbidden) > 0)
		json_array_append_new(
			rules, json_pack("{s:o, s:s, s:i}", "names", names_array(list->forbidden),
				       "action", "SCMP_ACT_ERRNO", "errnoRet", EPERM));
	return json_pack("{s:s, s:i, s:o, s:o}", "defaultAction", "SCMP_ACT_ERRNO",
		"defaultErrnoRet", ENOSYS, "architectures", arch_array, "syscalls", rules);
}

/* Write the profile; a file that could not be written whole is removed. */
static int profile_write(const struct call_list *list, const char *path)
{
	json_auto_t *profile = profile_new(list);
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

	const char *list = argv[1];
	const char *out = argv[2];
	__attribute__((cleanup(list_fini))) struct call_list calls;

	/* an earlier profile must not outlive a list that has become wrong */
	unlink(out);
	if (list_load(list, &calls) < 0 || names_check(list, calls.allowed) < 0 ||
		names_check(list, calls.forbidden) < 0 || list_compile(list, &calls) < 0 ||
		profile_write(&calls, out) < 0)
		return 1;
	return 0;
}
