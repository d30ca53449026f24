/* SPDX-License-Identifier: BSD-3-Clause */
/* What an ordinary user needs for rootless podman; root needs nothing of it. */
#include "check/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IDS 65536 /* images run as uid 65532, which takes 65533 of them */

void check_user_namespaces(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "user-namespaces";
	static const struct {
		const char *name, *file;
		uint64_t bad, good;
	} sysctls[] = {
		{"user.max_user_namespaces", "/proc/sys/user/max_user_namespaces", 0, 28633},
		{"kernel.unprivileged_userns_clone", "/proc/sys/kernel/unprivileged_userns_clone",
			0, 1},
	};
	uint64_t value;

	if (host->uid == 0)
		return;
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		if (check_read_number(host, &value, "%s", sysctls[i].file) < 0 ||
			value != sysctls[i].bad)
			continue;
		check_add(report, name, CHECK_FAILURE, "%s is %" PRIu64, sysctls[i].name, value);
		check_remedy_root(
			host, report, "sysctl %s=%" PRIu64, sysctls[i].name, sysctls[i].good);
		return;
	}
	if (!check_exists(host, "/proc/self/ns/user")) {
		check_add(report, name, CHECK_FAILURE, "this kernel has none");
		check_remedy(report, "boot a kernel with CONFIG_USER_NS=y");
		return;
	}
	check_add(report, name, CHECK_OK, "a user may make them");
}

static bool in_path(const char *program)
{
	const char *path = getenv("PATH");
	char file[4096];

	while (path != NULL && *path != '\0') {
		size_t len = strcspn(path, ":");

		if (snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, program) <
				(int)sizeof(file) &&
			access(file, X_OK) == 0)
			return true;
		path += len + (path[len] != '\0');
	}
	return false;
}

void check_subids(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "subordinate-ids";
	static const char *const kinds[] = {"subuid", "subgid"};
	struct subids ids[2];
	char text[65536];
	uint64_t first;

	if (host->uid == 0)
		return;
	for (int i = 0; i < 2; i++) {
		check_read(host, text, sizeof(text), "/etc/%s", kinds[i]);
		subids_read(text, host->user, host->uid, &ids[i]);
	}
	if (!in_path("newuidmap") || !in_path("newgidmap")) {
		check_add(report, name, CHECK_FAILURE, "newuidmap or newgidmap is not in PATH");
		check_remedy_root(
			host, report, "apt install uidmap (Fedora: dnf install shadow-utils)");
		return;
	}
	if (ids[0].count >= IDS && ids[1].count >= IDS) {
		check_add(report, name, CHECK_OK, "%" PRIu64 " uids, %" PRIu64 " gids",
			ids[0].count, ids[1].count);
		return;
	}
	check_add(report, name, CHECK_FAILURE,
		"%" PRIu64 " uids in /etc/subuid, %" PRIu64 " gids in /etc/subgid, of %d each",
		ids[0].count, ids[1].count, IDS);
	/* Another user's ids must not become ours. */
	first = ids[0].next > ids[1].next ? ids[0].next : ids[1].next;
	check_remedy_root(host, report,
		"usermod --add-subuids %" PRIu64 "-%" PRIu64 " --add-subgids %" PRIu64 "-%" PRIu64
		" %s; then: podman system migrate",
		first, first + IDS - 1, first, first + IDS - 1,
		host->user != NULL ? host->user : "USER");
}

void check_runtime_dir(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "runtime-folder";
	struct stat st;

	if (host->uid == 0)
		return;
	if (host->runtime_dir == NULL || host->runtime_dir[0] == '\0') {
		check_add(report, name, CHECK_FAILURE, "XDG_RUNTIME_DIR isn't set");
		check_remedy(report,
			"loginctl enable-linger && export XDG_RUNTIME_DIR=/run/user/%u", host->uid);
		return;
	}
	if (stat(host->runtime_dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == host->uid &&
		(st.st_mode & 0700) == 0700) {
		check_add(report, name, CHECK_OK, "%s", host->runtime_dir);
		return;
	}
	check_add(report, name, CHECK_FAILURE, "XDG_RUNTIME_DIR=%s isn't a folder of uid %u",
		host->runtime_dir, host->uid);
	check_remedy_root(host, report, "install -d -o %u -m 700 %s", host->uid, host->runtime_dir);
}
