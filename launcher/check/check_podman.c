/* SPDX-License-Identifier: BSD-3-Clause */
/* What `podman info` tells about the engine, and what the kernel has of what the engine needs. */
#include "check/check.h"

#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "pmd/grammar/error.h"

/* A string of podman's own description, by its path; NULL if it has none. */
static const char *info_string(
	const struct check_host *host, const char *a, const char *b, const char *c)
{
	const json_t *at = json_object_get(host->podman, a);

	at = json_object_get(at, b);
	return json_string_value(c == NULL ? at : json_object_get(at, c));
}

/* The oldest that cvio's tests run with; older ones lack --seccomp-policy or --pidfile. */
static bool is_old(const char *version)
{
	unsigned int major, minor;

	return sscanf(version, "%u.%u", &major, &minor) != 2 || major < 4 ||
	       (major == 4 && minor < 3);
}

void check_podman(const struct check_host *host, struct check_report *report)
{
	const char *version = info_string(host, "version", "Version", NULL), *text;

	if (host->podman != NULL && version != NULL) {
		check_add(report, "podman", is_old(version) ? CHECK_WARNING : CHECK_OK, "%s%s",
			version,
			is_old(version) ? "; 4.3 is the oldest that is known to work" : "");
		if (is_old(version))
			check_remedy_root(host, report, "apt install podman, of a newer release");
		return;
	}
	/* child.c's text for a program that isn't there has the remedy at its end. */
	text = host->reason != NULL ? host->reason->text : "its answer isn't understood";
	if (host->reason != NULL && report->exit_code == 0)
		report->exit_code = host->reason->exit_code;
	if (host->reason != NULL && strncmp(text, "podman: ", 8) == 0)
		text += 8;
	check_add(report, "podman", CHECK_FAILURE, "%.*s", (int)strcspn(text, ";"), text);
	if (strstr(text, "; install it") != NULL)
		check_remedy_root(host, report, "apt install podman");
	else
		check_remedy(report, "podman --log-level=debug info, which tells more");
}

/* A host may have both versions mounted; then podman speaks of the first. */
static const char *cgroup_mode(const struct check_host *host, const char *version)
{
	if (version == NULL)
		return "of an unknown version";
	if (strcmp(version, "v1") == 0 && check_exists(host, "/sys/fs/cgroup/unified/cgroup.procs"))
		return "v1 and v2 (hybrid)";
	return version;
}

void check_engine(const struct check_host *host, struct check_report *report)
{
	const char *runtime = info_string(host, "host", "ociRuntime", "name");
	const char *version = info_string(host, "host", "ociRuntime", "version");
	const char *manager = info_string(host, "host", "cgroupManager", NULL);
	const char *cgroups = info_string(host, "host", "cgroupVersion", NULL);

	if (host->podman == NULL)
		return;
	if (runtime == NULL || version == NULL || strstr(version, "version") == NULL) {
		check_add(report, "runtime", CHECK_FAILURE, "podman knows no OCI runtime");
		check_remedy_root(host, report, "apt install crun");
		return;
	}
	/* "runc version 1.1.5\ncommit: …" */
	version = strstr(version, "version") + strlen("version");
	version += strspn(version, " ");
	check_add(report, "runtime", CHECK_OK, "%s %.*s, cgroups %s, by %s", runtime,
		(int)strcspn(version, "\n"), version, cgroup_mode(host, cgroups),
		manager != NULL ? manager : "whom podman doesn't tell");
}

void check_seccomp(const struct check_host *host, struct check_report *report)
{
	const json_t *security;
	char status[16384];

	if (check_read(host, status, sizeof(status), "/proc/self/status") > 0 &&
		strstr(status, "\nSeccomp:") == NULL) {
		check_add(report, "seccomp", CHECK_FAILURE, "this kernel has no filters");
		check_remedy(report, "boot a kernel with CONFIG_SECCOMP_FILTER=y");
		return;
	}
	security = json_object_get(json_object_get(host->podman, "host"), "security");
	if (host->podman != NULL && !json_is_true(json_object_get(security, "seccompEnabled"))) {
		check_add(report, "seccomp", CHECK_WARNING,
			"podman doesn't filter system calls: an image's profile has no effect");
		check_remedy_root(host, report, "apt install podman, of a build with seccomp");
		return;
	}
	check_add(report, "seccomp", CHECK_OK, "%s",
		host->podman != NULL ? "podman filters system calls" : "the kernel has filters");
}
