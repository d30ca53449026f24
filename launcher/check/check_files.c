/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of the kernel as `cvio check` reads them: short, below a root that a test may choose. */
#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "host/cgroup.h"
#include "pmd/grammar/cpu_list.h"

#define FILE_TEXT 65536 /* bytes; a machine with many containers has a long mountinfo */

static int vread(const struct check_host *host, char *buf, size_t size, const char *fmt, va_list ap)
{
	_fd_cleanup_ int fd = -1;
	char path[PATH_MAX];
	size_t used = 0;
	ssize_t n = 1;
	int len;

	buf[0] = '\0';
	len = snprintf(path, sizeof(path), "%s", host->root);
	if (len >= (int)sizeof(path) || vsnprintf(path + len, sizeof(path) - (size_t)len, fmt,
						ap) >= (int)sizeof(path) - len)
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (n > 0 && used < size - 1) {
		n = read(fd, buf + used, size - 1 - used);
		if (n < 0)
			return -errno;
		used += (size_t)n;
	}
	if (used > 0 && buf[used - 1] == '\n')
		used--;
	buf[used] = '\0';
	return (int)used;
}

int check_read(const struct check_host *host, char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vread(host, buf, size, fmt, ap);
	va_end(ap);
	return r;
}

int check_read_number(const struct check_host *host, uint64_t *number, const char *fmt, ...)
{
	char text[64], *end;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vread(host, text, sizeof(text), fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	*number = strcmp(text, "max") == 0 ? UINT64_MAX : strtoull(text, &end, 10);
	return strcmp(text, "max") == 0 || (end != text && *end == '\0') ? 0 : -EINVAL;
}

/* Beside lists, the kernel writes "(null)" for a mask that it hasn't made. */
static int parse_list(const char *text, cpu_set_t *set)
{
	CPU_ZERO(set);
	return text[0] == '\0' || text[0] == '(' ? 0 : cpu_list_parse(text, set, NULL);
}

int check_read_list(const struct check_host *host, cpu_set_t *set, const char *fmt, ...)
{
	char text[4096];
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vread(host, text, sizeof(text), fmt, ap);
	va_end(ap);
	return r < 0 ? r : parse_list(text, set);
}

bool check_exists(const struct check_host *host, const char *path)
{
	char full[PATH_MAX];

	return snprintf(full, sizeof(full), "%s%s", host->root, path) < (int)sizeof(full) &&
	       access(full, F_OK) == 0;
}

int check_cgroup(const struct check_host *host, const char *controller, struct cgroup *cgroup)
{
	char *cgroups = malloc(FILE_TEXT), *mounts = malloc(FILE_TEXT);
	int r = cgroups == NULL || mounts == NULL ? -ENOMEM : 0;

	if (r == 0)
		r = check_read(host, cgroups, FILE_TEXT, "/proc/self/cgroup");
	if (r >= 0)
		r = check_read(host, mounts, FILE_TEXT, "/proc/self/mountinfo");
	if (r >= 0)
		r = cgroup_find(cgroups, mounts, controller, cgroup);
	free(cgroups);
	free(mounts);
	return r;
}

/* "Cpus_allowed_list:\t0-3" */
static int allowed_list(const struct check_host *host, const char *field, cpu_set_t *set)
{
	char text[16384], *at, *end;
	int r = check_read(host, text, sizeof(text), "/proc/self/status");

	if (r < 0)
		return r;
	at = strstr(text, field);
	if (at == NULL)
		return -ENOENT;
	at += strlen(field);
	at += strspn(at, "\t ");
	end = at + strcspn(at, "\n");
	*end = '\0';
	return parse_list(at, set);
}

int check_affinity(const struct check_host *host, cpu_set_t *set)
{
	return allowed_list(host, "\nCpus_allowed_list:", set);
}

int check_cpuset(const struct check_host *host, const char *what, cpu_set_t *set)
{
	struct cgroup cgroup;
	int r = check_cgroup(host, "cpuset", &cgroup);

	/* A cgroup of version 2 has the file only if its parent hands the controller down. */
	while (r == 0 && cgroup.version == 2) {
		r = check_read_list(host, set, "%s/cpuset.%s.effective", cgroup.folder, what);
		if (r == 0 && CPU_COUNT(set) > 0)
			return 0;
		r = cgroup_parent(&cgroup) ? 0 : -ENOENT;
	}
	if (r == 0)
		r = check_read_list(host, set, "%s/cpuset.effective_%s", cgroup.folder, what);
	if (r == 0 && CPU_COUNT(set) > 0)
		return 0;
	return allowed_list(
		host, what[0] == 'c' ? "\nCpus_allowed_list:" : "\nMems_allowed_list:", set);
}
